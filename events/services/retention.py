"""The end of personal data: what goes, what stays as a number, and the proof of it.

Rows are emptied, not deleted, wherever figures are counted from them, so the figures of an event
are the same before and after (``events.statistics``).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Lower, Replace
from django.utils import timezone

from accounts.models import User
from core.choices import MailState
from core.models import AddressState, InboundNote, MailContent, OutgoingMail
from events.choices import QuestionKind
from events.models import (
    CheckInMark,
    Event,
    Invitation,
    MailingMail,
    QuestionAnswer,
    Registration,
    RetentionRecord,
    SurveyResponse,
    WorkshopChoice,
)
from events.signals import personal_data_removed

_AT_ONCE = 2000
_NAMED = ~Q(email="") | ~Q(name="") | Q(user__isnull=False)
_TOLD = ~Q(expectation="") | ~Q(decision_reason="")
_NOT_DELIVERED = Q(mail__state=MailState.FAILED) | Q(mail__bounced_at__isnull=False)


def note_deliveries(invitations: QuerySet[Invitation] | None = None) -> int:
    """Keep on the invitation whether its mail arrived; beat asks before old mails are deleted.

    Returns how many invitations know something new.
    """
    rows: Any = Invitation.objects.all() if invitations is None else invitations
    known = rows.exclude(mail=None)
    failed = known.filter(_NOT_DELIVERED, is_undelivered=False)
    arrived = known.exclude(_NOT_DELIVERED).filter(is_undelivered=True)
    noted = 0
    for found, value in ((failed, True), (arrived, False)):
        pks = list(found.values_list("pk", flat=True))
        noted += Invitation.objects.filter(pk__in=pks).update(is_undelivered=value)
    return noted


def events_with_personal_data() -> Any:
    """Return the events that hold personal data, with ``retention_ends``, the day they go."""
    own = OuterRef("pk")
    texts = Q(question__kind=QuestionKind.TEXT, response__event=own)
    return Event.objects.with_retention().filter(
        Exists(Registration.objects.filter(_NAMED | _TOLD, event=own))
        | Exists(Invitation.objects.filter(_NAMED, event=own))
        | Exists(MailingMail.objects.filter(~Q(email="") | ~Q(name=""), mailing__event=own))
        | Exists(QuestionAnswer.objects.filter(Q(registration__event=own) | texts))
    )


def due_for_removal() -> Any:
    """Return those of them whose day has come."""
    return events_with_personal_data().filter(retention_ends__lte=timezone.localdate())


def remove_personal_data() -> int:
    """Anonymise every event whose time has come; returns how many. Beat asks each night."""
    pks = list(due_for_removal().order_by("retention_ends", "pk").values_list("pk", flat=True))
    for pk in pks:
        anonymise_event(event=Event.objects.get(pk=pk))
    return len(pks)


@transaction.atomic
def anonymise_event(*, event: Event) -> RetentionRecord | None:
    """Take names, addresses and what people wrote out of everything about an event.

    What stays: states, answers, groups, clusters, choices of surveys, minutes. Returns the entry
    of the log, or None when nothing was left to remove; a second time does no harm.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    addresses = _addresses(event)
    counts: Counter[str] = Counter()
    note_deliveries(Invitation.objects.filter(event=event))
    counts["mails"] = _delete_mails(event, addresses)
    counts["log_entries"] = _delete_log_entries(event)
    answers = _count_answers(event)
    counts["answers"] = _delete(QuestionAnswer.objects.filter(registration__event=event))
    counts["check_in_marks"] = _delete(CheckInMark.objects.filter(registration__event=event))
    counts["wishes"] = _delete(WorkshopChoice.objects.filter(registration__event=event))
    counts["survey_texts"] = _delete(
        QuestionAnswer.objects.filter(response__event=event, question__kind=QuestionKind.TEXT)
    )
    counts["registrations"] = _empty_registrations(event)
    counts["invitations"] = _empty_invitations(event)
    counts["mailing_mails"] = MailingMail.objects.filter(
        ~Q(email="") | ~Q(name=""), mailing__event=event
    ).update(email="", name="", queued_at=Coalesce("queued_at", timezone.now()))
    counts["authors"] = event.minutes.exclude(author=None).update(author=None)
    counts["authors"] += event.documents.exclude(author=None).update(author=None)
    # Nobody can tell any more which link a response came from.
    SurveyResponse.objects.filter(event=event).update(
        key=Replace(Cast(RandomUUID(), CharField()), Value("-"), Value(""))
    )
    # Before addresses are forgotten: the apps above may hold mails to them.
    for _receiver, removed in personal_data_removed.send(sender=Event, event=event):
        counts.update(removed or {})
    counts["addresses"] = _forget_addresses(addresses)
    event.anonymised_at = event.anonymised_at or timezone.now()
    event.save(update_fields=["anonymised_at", "updated_at"])
    if not counts.total():
        return None
    kept: dict[str, Any] = {**counts, "answers_by_question": answers} if answers else {**counts}
    return RetentionRecord.objects.create(event=event, counts=kept)


def _delete(rows: QuerySet[Any]) -> int:
    number: int = rows.delete()[0]
    return number


def _parts(addresses: set[str]) -> Iterator[Sequence[str]]:
    ordered = sorted(addresses)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]


def _addresses(event: Event) -> set[str]:
    """Return every address the event knows, in small letters."""
    found: set[str] = set()
    rows: tuple[QuerySet[Any], ...] = (
        Invitation.objects.filter(event=event),
        Registration.objects.filter(event=event),
        MailingMail.objects.filter(mailing__event=event),
    )
    for some in rows:
        found.update(some.exclude(email="").values_list(Lower("email"), flat=True))
    return found


def _delete_mails(event: Event, addresses: set[str]) -> int:
    """Delete the event's mails: its invitations and mailings, and all that speak of it."""
    before = OutgoingMail.objects.count()
    about = Q(text__contains=f"/events/{event.slug}/") | Q(calendar__contains=str(event.uid))
    contents = MailContent.objects.filter(about, name__startswith="events/")
    OutgoingMail.objects.filter(content__in=contents).delete()
    OutgoingMail.objects.filter(
        Q(invitation__event=event) | Q(mailing_mail__mailing__event=event)
    ).delete()
    # Mails with nothing but a personal link: they are done with, whichever event they were of.
    done = OutgoingMail.objects.filter(
        state__in=(MailState.SENT, MailState.FAILED),
        content__name__startswith="events/",
        invitation=None,
        mailing_mail=None,
    ).annotate(address=Lower("to"))
    for part in _parts(addresses):
        done.filter(address__in=part).delete()
    contents.filter(mails=None).delete()
    return before - OutgoingMail.objects.count()


def _delete_log_entries(event: Event) -> int:
    """Delete what the administration remembers of rows by their name."""
    removed = 0
    for model in (Registration, Invitation):
        kind = ContentType.objects.get_for_model(model)
        own = model._default_manager.filter(event=event)
        pks = {str(pk) for pk in own.values_list("pk", flat=True)}
        for part in _parts(pks):
            removed += _delete(LogEntry.objects.filter(content_type=kind, object_id__in=part))
    return removed


def _count_answers(event: Event) -> dict[str, dict[str, int]]:
    """Count what was chosen when registering, by question and choice, before the rows go."""
    counted: dict[str, Counter[str]] = {}
    rows = QuestionAnswer.objects.filter(registration__event=event).exclude(
        question__kind=QuestionKind.TEXT
    )
    for question, value in rows.values_list("question_id", "value").iterator():
        places = value if isinstance(value, list) else [value]
        counted.setdefault(str(question), Counter()).update(str(place) for place in places)
    return {question: dict(places) for question, places in counted.items()}


def _empty_registrations(event: Event) -> int:
    rows = Registration.objects.filter(_NAMED | _TOLD, event=event)
    return rows.update(
        name="",
        email="",
        user=None,
        expectation="",
        decision_reason="",
        list_consent=False,
        checked_in_at=None,
    )


def _empty_invitations(event: Event) -> int:
    Invitation.objects.filter(event=event, queued_at=None, is_example=False).update(
        # Nobody writes the mail any more.
        queued_at=timezone.now(),
        is_undelivered=True,
    )
    return Invitation.objects.filter(
        _NAMED | Q(invited_by__isnull=False) | Q(named_by__isnull=False), event=event
    ).update(name="", email="", user=None, invited_by=None, named_by=None)


def _forget_addresses(addresses: set[str]) -> int:
    """Delete what is known of addresses nobody else in the portal knows any more."""
    removed = 0
    for part in _parts(addresses):
        known: set[str] = set()
        for model in (Invitation, Registration, MailingMail, User):
            rows = model._default_manager.annotate(address=Lower("email"))
            known.update(rows.filter(address__in=part).values_list("address", flat=True))
        unknown = [address for address in part if address not in known]
        states = AddressState.objects.annotate(small=Lower("address")).filter(small__in=unknown)
        removed += _delete(states)
        notes = InboundNote.objects.annotate(small=Lower("sender")).filter(small__in=unknown)
        removed += _delete(notes)
    return removed
