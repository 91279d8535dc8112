"""Writing an event with its programme, without losing what others have written or booked."""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.models import User
from core.errors import DomainError
from core.slugs import free_slug, slug_of
from events.choices import EventStatus, PlaceState
from events.models import Event, Session, WorkshopChoice
from events.search import refresh_search
from events.services import places
from events.services.changes import current_snapshot, note_change

Relations = Mapping[str, Iterable[Model]]


def new_slug(event: Event) -> str:
    """Return an address part from title and year that no other event has."""
    with override(settings.LANGUAGE_CODE):
        words = slug_of(str(event.title or ""), length=80)
    year = timezone.localtime(event.starts_at).year
    return free_slug(f"{words or 'event'}-{year}", Event.objects.all())


def version_of(event: Event) -> str:
    """Return a word for the state of an event; the form carries it to see others' changes."""
    return event.updated_at.isoformat() if event.updated_at else ""


def _check_version(current: Event, version: str | None) -> None:
    if version is not None and version != version_of(current):
        raise DomainError(
            _(
                "Somebody else has saved this event in the meantime. Nothing of yours is lost:"
                " compare both below, then save once more."
            ),
            code="conflict",
        )


def _check_capacity(event: Event, current: Event) -> None:
    # An event may be overbooked on purpose; only who changes the number must mind those there.
    if event.capacity is None or event.capacity == current.capacity:
        return
    taken = event.registrations.holding_a_place().count()
    if taken > event.capacity:
        raise DomainError(
            ngettext(
                "%(count)d person is registered already. Please offer at least that many places.",
                "%(count)d people are registered already. Please offer at least that many places.",
                taken,
            )
            % {"count": taken},
            field="capacity",
        )


def _check_session_places(sessions: Sequence[Session]) -> None:
    """:raises DomainError: when a part offers fewer places than are taken in it."""
    limited = {session.pk: session for session in sessions if session.pk and session.capacity}
    counted = Session.objects.filter(pk__in=limited).annotate(
        taken=Count("places", filter=Q(places__state__in=(PlaceState.HELD, PlaceState.OFFERED)))
    )
    taken = {
        pk: number
        for pk, before, number in counted.values_list("pk", "capacity", "taken")
        if before != limited[pk].capacity
    }
    for pk, session in limited.items():
        if taken.get(pk, 0) > (session.capacity or 0):
            raise DomainError(
                ngettext(
                    "“%(part)s” has %(count)d person already."
                    " Please offer at least that many places.",
                    "“%(part)s” has %(count)d people already."
                    " Please offer at least that many places.",
                    taken[pk],
                )
                % {"part": session.title, "count": taken[pk]},
                code="capacity",
            )


def _check_removed(event: Event, removed: Sequence[Session]) -> None:
    """:raises DomainError: when something people have entered hangs on a removed part."""
    removed_pks = [session.pk for session in removed if session.pk]
    if not removed_pks:
        return
    keys = {session.workshop_key for session in removed}
    kept = {s.workshop_key for s in event.sessions.exclude(pk__in=removed_pks)}
    wished = set(
        WorkshopChoice.objects.filter(registration__event=event, workshop__in=keys - kept)
        .values_list("workshop", flat=True)
        .distinct()
    )
    counted = Session.objects.filter(event=event, pk__in=removed_pks).annotate(
        people=Count("places", distinct=True),
        items=Count("minutes", distinct=True),
        files=Count("documents", distinct=True),
    )
    for session in counted:
        places, items, files = session.people, session.items, session.files
        parts = (
            (places, ngettext("%(count)d place", "%(count)d places", places)),
            (items, ngettext("%(count)d item of minutes", "%(count)d items of minutes", items)),
            (files, ngettext("%(count)d document", "%(count)d documents", files)),
        )
        reasons = [text % {"count": number} for number, text in parts if number]
        if session.workshop_key in wished:
            reasons.append(_("wishes of participants"))
        if reasons:
            raise DomainError(
                _(
                    "“%(part)s” stays in the programme: %(what)s belong to it. Move or delete"
                    " these first, or change the part instead of removing it."
                )
                % {"part": session.title, "what": ", ".join(reasons)},
                code="in_use",
            )


def _save_sessions(event: Event, sessions: Sequence[Session], removed: Sequence[Session]) -> None:
    Session.objects.filter(event=event, pk__in=[session.pk for session in removed]).delete()
    codes = set(event.sessions.values_list("code", flat=True))
    for session in sessions:
        session.event = event
        if not session.code:
            number = len(codes) + 1
            while (code := f"s{number}") in codes:
                number += 1
            session.code = code
            codes.add(code)
        session.save()


# What verbs of their own set: a form that was opened earlier must not put it back.
_NOT_OF_THE_FORM = (
    "status",
    "status_reason",
    "sequence",
    "announced",
    "change_notice_due_at",
    "minutes_published_at",
    "anonymised_at",
    "invitations_paused_at",
    "submitted_at",
)


@transaction.atomic
def save_event(
    *,
    user: User,
    event: Event,
    relations: Relations | None = None,
    sessions: Sequence[Session] = (),
    removed: Sequence[Session] = (),
    version: str | None = None,
) -> Event:
    """Write an event with its programme; a new one becomes a draft of ``user``.

    ``sessions`` are the parts to write, ``removed`` those to delete; parts in neither stay.
    ``version`` is :func:`version_of` the event as the person read it; None does not ask. When
    time or place of a published event change, its people are told later (``services.changes``).

    :raises DomainError: when somebody else has saved meanwhile (code ``conflict``), fewer places
        are offered than are taken, or something hangs on a removed part.
    """
    before = {}
    if event._state.adding:
        event.slug = event.slug or new_slug(event)
        event.author = event.author or user
    else:
        current = Event.objects.select_for_update().get(pk=event.pk)
        _check_version(current, version)
        for name in _NOT_OF_THE_FORM:
            setattr(event, name, getattr(current, name))
        _check_capacity(event, current)
        _check_session_places(sessions)
        _check_removed(current, removed)
        before = current_snapshot(current)
        if event.status in (EventStatus.PUBLISHED, EventStatus.CANCELLED):
            # Calendar programs take over a change only under a higher number.
            event.sequence = current.sequence + 1
    event.save()
    for name, rows in (relations or {}).items():
        getattr(event, name).set(rows)
    _save_sessions(event, sessions, removed)
    refresh_search([event.pk])
    if before:
        note_change(event, before)
        # There may be more places than before, or another rule for passing them on.
        places.settle(event)
    return event
