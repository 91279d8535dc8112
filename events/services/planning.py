"""Verbs about events: propose, submit, decide, publish, cancel, delete."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from events import mails
from events.choices import Decision, EventStatus
from events.models import Event
from events.services.changes import current_snapshot
from events.services.saving import Relations, save_event


def _lock(event: Event) -> Event:
    return Event.objects.select_for_update().get(pk=event.pk)


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
    if decision == Decision.ACCEPT:
        event.announced = current_snapshot(event)
    event.save(update_fields=["status", "status_reason", "announced", "updated_at"])
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
    event.announced = current_snapshot(event)
    event.save(update_fields=["status", "status_reason", "announced", "updated_at"])
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
    # Nobody needs to hear of another room for what does not take place.
    event.change_notice_due_at = None
    event.save(
        update_fields=[
            "status",
            "status_reason",
            "sequence",
            "change_notice_due_at",
            "updated_at",
        ]
    )
    mails.event_cancelled(event)
    return event


@transaction.atomic
def delete_event(*, user: User, event: Event) -> None:
    """Remove an event nobody has been invited to or has registered for, with its programme.

    :raises DomainError: when people or their work would be lost with it.
    """
    event = _lock(event)
    kept = (
        (event.registrations, _("People are registered for this event.")),
        (event.invitations, _("People have been invited to this event.")),
        (event.mailings, _("Mails about this event are planned or sent.")),
        (event.minutes, _("This event has minutes.")),
        (event.documents, _("This event has documents.")),
        (event.survey_responses, _("People have answered the survey of this event.")),
        (event.retention_records, _("This event has a record of removed personal data.")),
    )
    for rows, sentence in kept:
        if rows.exists():
            hint = _("It cannot be deleted. Please cancel it instead: nothing is lost then.")
            if event.status != EventStatus.PUBLISHED:
                hint = _("It cannot be deleted; it stays in the list of events.")
            raise DomainError(f"{sentence} {hint}", code="in_use")
    event.delete()
