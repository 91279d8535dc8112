"""Verbs about events: propose, save, submit, decide, publish, cancel."""

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from core.slugs import free_slug, slug_of
from events import mails
from events.choices import Decision, EventStatus
from events.models import Event, Session
from events.search import refresh_search

Relations = Mapping[str, Iterable[Model]]


def _new_slug(event: Event) -> str:
    """Return an address part from title and year that no other event has."""
    with override(settings.LANGUAGE_CODE):
        words = slug_of(str(event.title or ""), length=80)
    year = timezone.localtime(event.starts_at).year
    return free_slug(f"{words or 'event'}-{year}", Event.objects.all())


def _lock(event: Event) -> Event:
    return Event.objects.select_for_update().get(pk=event.pk)


def _check_capacity(event: Event) -> None:
    if event.capacity is None:
        return
    taken = event.registrations.taking_a_place().count()
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


@transaction.atomic
def save_event(
    *,
    user: User,
    event: Event,
    relations: Relations | None = None,
    sessions: Sequence[Session] = (),
    removed: Sequence[Session] = (),
) -> Event:
    """Write an event with its programme; a new one becomes a draft of ``user``.

    ``sessions`` are the parts to write, ``removed`` those to delete; parts in neither stay.

    :raises DomainError: when fewer places are offered than are taken.
    """
    if event._state.adding:
        event.slug = event.slug or _new_slug(event)
        event.author = event.author or user
    else:
        current = _lock(event)
        event.status, event.sequence = current.status, current.sequence
        _check_capacity(event)
        if event.status in (EventStatus.PUBLISHED, EventStatus.CANCELLED):
            # Calendar programs take over a change only under a higher number.
            event.sequence = current.sequence + 1
    event.save()
    for name, rows in (relations or {}).items():
        getattr(event, name).set(rows)
    _save_sessions(event, sessions, removed)
    refresh_search([event.pk])
    return event


@transaction.atomic
def propose_event(
    *, user: User, event: Event, cluster: Cluster, relations: Relations | None = None
) -> Event:
    """Hand in an event in the name of ``cluster``; staff decides about it."""
    event.proposed_by = cluster
    event.status = EventStatus.SUBMITTED
    event.submitted_at = timezone.now()
    save_event(user=user, event=event, relations=relations)
    event.clusters.add(cluster)
    return event


@transaction.atomic
def submit_event(*, user: User, event: Event) -> Event:
    """Hand in once more what staff had returned with a wish for changes."""
    event = _lock(event)
    if event.status == EventStatus.SUBMITTED:
        return event
    if event.status != EventStatus.DRAFT or event.proposed_by is None:
        raise DomainError(_("This event cannot be submitted any more."), code="wrong_state")
    event.status = EventStatus.SUBMITTED
    event.submitted_at = timezone.now()
    event.save(update_fields=["status", "submitted_at", "updated_at"])
    return event


@transaction.atomic
def decide_event(*, user: User, event: Event, decision: Decision, reason: str = "") -> Event:
    """Decide about a proposal and tell its author by mail.

    :raises DomainError: when it was decided before, or a reason is missing.
    """
    event = _lock(event)
    if event.status != EventStatus.SUBMITTED:
        raise DomainError(
            _("Somebody has decided about this event in the meantime."), code="wrong_state"
        )
    reason = reason.strip()
    if decision != Decision.ACCEPT and not reason:
        raise DomainError(
            _("Please give a reason. It is sent to the person who proposed the event."),
            field="reason",
            code="required",
        )
    event.status = {
        Decision.ACCEPT: EventStatus.PUBLISHED,
        Decision.RETURN: EventStatus.DRAFT,
        Decision.DECLINE: EventStatus.DECLINED,
    }[decision]
    event.status_reason = "" if decision == Decision.ACCEPT else reason
    event.save(update_fields=["status", "status_reason", "updated_at"])
    mails.event_decided(event, decision, reason)
    return event


@transaction.atomic
def publish_event(*, user: User, event: Event) -> Event:
    """Show a draft to everybody; a published event stays as it is."""
    event = _lock(event)
    if event.status == EventStatus.PUBLISHED:
        return event
    if event.status != EventStatus.DRAFT:
        raise DomainError(_("Only a draft can be published."), code="wrong_state")
    event.status = EventStatus.PUBLISHED
    event.status_reason = ""
    event.save(update_fields=["status", "status_reason", "updated_at"])
    return event


@transaction.atomic
def cancel_event(*, user: User, event: Event, reason: str) -> Event:
    """Call an event off; its page stays, says so and why, and its people are told by mail.

    :raises DomainError: when it is not published or the reason is missing.
    """
    event = _lock(event)
    if event.status == EventStatus.CANCELLED:
        return event
    if event.status != EventStatus.PUBLISHED:
        raise DomainError(_("Only a published event can be cancelled."), code="wrong_state")
    if not reason.strip():
        raise DomainError(
            _("Please say why. The reason is shown on the event's page."),
            field="reason",
            code="required",
        )
    event.status = EventStatus.CANCELLED
    event.status_reason = reason.strip()
    event.sequence += 1
    event.save(update_fields=["status", "status_reason", "sequence", "updated_at"])
    mails.event_cancelled(event)
    return event
