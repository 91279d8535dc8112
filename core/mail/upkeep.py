"""What beat asks for: nothing stays behind, nothing stays for ever."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.choices import MailKind, MailState
from core.mail.claims import LOCK_SPACE
from core.models import AddressState, InboundNote, MailContent, OutgoingMail

logger = logging.getLogger(__name__)

# No living worker holds a claim this long: a batch ends after seconds, a mail after its time-outs.
# It matters where a machine vanishes and its connections seem to live on.
STALE_AFTER = timedelta(minutes=15)
# Account mails hold links that open accounts; they are worth nothing after a day.
KEEP_ACCOUNT_MAILS = timedelta(days=1)
# Addresses that did not exist may exist by then.
KEEP_BLOCKS = timedelta(days=365)
# What staff was to look at: longer than mails are looked for in the mailbox.
KEEP_NOTES = timedelta(days=90)
_AT_ONCE = 5000

# A claimant works in this order and has at most one accepted mail without a mark: the first.
_RECOVER = f"""
    WITH dead AS (
        SELECT id, claimed_by, priority, due_at FROM core_outgoingmail
        WHERE state = '{MailState.SENDING}' AND (
            claimed_at < %s
            OR NOT EXISTS (
                SELECT 1 FROM pg_locks
                WHERE locktype = 'advisory' AND granted
                  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                  AND classid = %s
                  AND objid = split_part(claimed_by, '@', 1)::bigint
            )
        )
        FOR UPDATE
    ), first AS (
        SELECT DISTINCT ON (claimed_by) id FROM dead ORDER BY claimed_by, priority, due_at, id
    )
    UPDATE core_outgoingmail AS mail
    SET state = '{MailState.QUEUED}',
        doubtful_at = CASE
            WHEN mail.id IN (SELECT id FROM first) THEN statement_timestamp()
            ELSE mail.doubtful_at
        END
    FROM dead WHERE mail.id = dead.id
"""  # noqa: S608 - no value from outside


def recover_claims() -> int:
    """Queue again what dead workers had claimed, and return how many mails that were.

    The one that each of them had under way may go out a second time: its ``doubtful_at`` is set.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RECOVER, [timezone.now() - STALE_AFTER, LOCK_SPACE])
        number = int(cursor.rowcount)
    if number:
        logger.warning("%d mails of workers that died are queued again", number)
    return number


def count_due() -> int:
    """Return how many mails wait for a worker."""
    return OutgoingMail.objects.due().count()


def purge() -> int:
    """Delete mails that are done with, and return how many; addresses are personal data.

    What we know of addresses that bounced goes, too: blocks after a year, the rest with the mails;
    and so do notes about mails nobody understood.
    """
    now = timezone.now()
    done = OutgoingMail.objects.filter(state__in=[MailState.SENT, MailState.FAILED])
    old = done.filter(created_at__lt=now - timedelta(days=settings.MAIL_KEEP_DAYS))
    keys = done.filter(content__kind=MailKind.ACCOUNT, created_at__lt=now - KEEP_ACCOUNT_MAILS)
    number = 0
    for mails in (old, keys):
        while pks := list(mails.values_list("pk", flat=True)[:_AT_ONCE]):
            OutgoingMail.objects.filter(pk__in=pks).delete()
            number += len(pks)
    bounces = AddressState.objects.filter(last_bounce_at__lt=now - KEEP_BLOCKS)
    harmless = Q(is_blocked=False, last_bounce_at__lt=now - timedelta(days=settings.MAIL_KEEP_DAYS))
    (bounces | AddressState.objects.filter(harmless)).delete()
    InboundNote.objects.filter(created_at__lt=now - KEEP_NOTES).delete()
    # An hour's grace: a content is written a moment before its mails.
    MailContent.objects.filter(mails=None, created_at__lt=now - timedelta(hours=1)).delete()
    return number
