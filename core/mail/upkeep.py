"""What beat asks for: nothing stays behind, nothing stays for ever."""

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.choices import MailKind, MailState
from core.mail.delivery import LOCK_SPACE
from core.models import AddressState, InboundNote, MailContent, OutgoingMail

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

_RECOVER = f"""
    UPDATE core_outgoingmail SET state = '{MailState.QUEUED}'
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
"""  # noqa: S608 - no value from outside


def recover_claims() -> int:
    """Queue again what dead workers had claimed, and return how many mails that were."""
    with connection.cursor() as cursor:
        cursor.execute(_RECOVER, [timezone.now() - STALE_AFTER, LOCK_SPACE])
        return int(cursor.rowcount)


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
