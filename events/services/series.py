"""Copying events: one more, or a whole series."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events.choices import EventStatus
from events.models import Event, EventSeries
from events.recurrence import shifted
from events.search import refresh_search
from events.services.saving import new_slug

# What a plan says. Everything else belongs to the one event: answers, outcomes, sources, state.
_COPIED = (
    "title_de",
    "title_en",
    "summary_de",
    "summary_en",
    "note_de",
    "note_en",
    "participants_note_de",
    "participants_note_en",
    "kind",
    "format",
    "date_precision",
    "city",
    "country",
    "venue",
    "region",
    "online_url",
    "online_lead_hours",
    "website",
    "organisers",
    "capacity",
    "district",
    "series",
    "approval_required",
    "cluster_quota",
    "waiting_mode",
    "offer_hours",
    "choice_mode",
    "asks_expectations",
    "shows_participants",
    "retention_months",
)
_MOMENTS = ("ends_at", "registration_closes_at", "wishes_until", "survey_until")
_RELATIONS = ("topics", "terms", "clusters", "innovation_fields")


def _copy_children(event: Event, copy: Event) -> None:
    for session in event.sessions.prefetch_related("terms"):
        terms = list(session.terms.all())
        session.pk, session.event = None, copy
        session._state.adding = True
        for name in ("starts_at", "ends_at"):
            if moment := getattr(session, name):
                setattr(session, name, shifted(moment, event.starts_at, copy.starts_at))
        session.save()
        session.terms.set(terms)
    for rows in (event.questions.all(), event.mail_texts.all()):
        for row in rows:
            row.pk, row.event = None, copy
            row._state.adding = True
            row.save()


def _copy(user: User, event: Event, starts_at: datetime) -> Any:
    copy: Any = Event(uid=uuid.uuid4(), status=EventStatus.DRAFT, author=user, starts_at=starts_at)
    for name in _COPIED:
        setattr(copy, name, getattr(event, name))
    for name in _MOMENTS:
        if moment := getattr(event, name):
            setattr(copy, name, shifted(moment, event.starts_at, starts_at))
    copy.slug = new_slug(copy)
    copy.save()
    for name in _RELATIONS:
        getattr(copy, name).set(getattr(event, name).all())
    _copy_children(event, copy)
    return copy


@transaction.atomic
def clone_event(*, user: User, event: Event, starts_at: datetime, title: str = "") -> Event:
    """Return a new draft with the plan of ``event``, moved to ``starts_at``.

    Programme, questions, texts of mails, topics and fields are copied; registrations, invitations,
    minutes and documents are not. ``title`` is the German one, when it is to be another.
    """
    copy = _copy(user, event, starts_at)
    if title and title != copy.title_de:
        copy.title_de, copy.title_en = title, ""
        copy.slug = new_slug(copy)
        copy.save()
    refresh_search([copy.pk])
    result: Event = copy
    return result


@transaction.atomic
def repeat_event(
    *, user: User, event: Event, starts: Sequence[datetime], title: str = ""
) -> list[Event]:
    """Return one new draft for each beginning, all in one series with ``event``.

    A beginning the series has an event for already is left out, so confirming twice adds nothing.
    ``title`` names the series when there is none yet.

    :raises DomainError: when no beginning is new.
    """
    first: Any = Event.objects.select_for_update().get(pk=event.pk)
    if first.series is None:
        own = title in ("", first.title_de)
        first.series = EventSeries.objects.create(
            title_de=first.title_de if own else title, title_en=first.title_en if own else ""
        )
        first.save(update_fields=["series", "updated_at"])
    taken = set(first.series.events.values_list("starts_at", flat=True))
    copies = [_copy(user, first, start) for start in sorted(set(starts) - taken)]
    if not copies:
        raise DomainError(
            _("The series has an event on each of these dates already."), code="nothing_new"
        )
    refresh_search([copy.pk for copy in copies])
    return copies
