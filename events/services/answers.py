"""Verbs about taking part: answer an invitation, register, withdraw."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from events.access import can_register
from events.choices import Answer, EventStatus, RegistrationState
from events.dates import is_over
from events.models import Event, Invitation, Registration


def _check_open(event: Event) -> None:
    """:raises DomainError: when nobody can take part in ``event`` (any more)."""
    if event.status == EventStatus.CANCELLED:
        raise DomainError(_("This event has been cancelled."), code="cancelled")
    if is_over(event):
        raise DomainError(_("This event is over."), code="over")


def _take_place(
    event: Event, *, email: str, name: str, user: User | None, cluster: Cluster | None
) -> Registration:
    """Register an address, or put it on the waiting list; the event's row is locked.

    Who holds a place or waits already keeps exactly that.
    """
    registration: Registration | None = Registration.objects.filter(
        event=event, email__iexact=email
    ).first()
    if registration is None:
        registration = Registration(event=event, email=email)
    elif registration.state not in (RegistrationState.CANCELLED, RegistrationState.DECLINED):
        return registration
    taken = event.registrations.taking_a_place().count()
    full = event.capacity is not None and taken >= event.capacity
    registration.state = RegistrationState.WAITING if full else RegistrationState.REGISTERED
    registration.name = name or registration.name
    registration.user = user or registration.user
    registration.cluster = cluster or registration.cluster
    registration.save()
    return registration


def _leave_place(event: Event, email: str, state: RegistrationState) -> None:
    Registration.objects.filter(event=event, email__iexact=email).active().exclude(
        state=RegistrationState.ATTENDED
    ).update(state=state, updated_at=timezone.now())


@transaction.atomic
def answer_invitation(
    *, invitation: Invitation, answer: Answer, user: User | None = None
) -> Registration | None:
    """Store an answer and what follows from it; the same answer twice changes nothing.

    "Yes" takes a place or joins the waiting list, "no" and "maybe" give a place back. Returns the
    registration that results from "yes".

    :raises DomainError: when the event is over or cancelled.
    """
    event = Event.objects.select_for_update().get(pk=invitation.event_id)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _check_open(event)
    if invitation.answer != answer:
        invitation.answer = answer
        invitation.answered_at = timezone.now()
        invitation.save(update_fields=["answer", "answered_at", "updated_at"])
    if answer == Answer.YES:
        return _take_place(
            event,
            email=invitation.email,
            name=invitation.name,
            user=invitation.user or user,
            cluster=invitation.cluster,
        )
    left = RegistrationState.DECLINED if answer == Answer.NO else RegistrationState.CANCELLED
    _leave_place(event, invitation.email, left)
    return None


@transaction.atomic
def register(*, user: User, event: Event, cluster: Cluster | None = None) -> Registration:
    """Register a signed-in person, on the waiting list when all places are taken.

    :raises DomainError: when the event does not take registrations.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    _check_open(event)
    if not can_register(event):
        raise DomainError(_("Registration is not open for this event."), code="registration_closed")
    Invitation.objects.filter(event=event, email__iexact=user.email).exclude(
        answer=Answer.YES
    ).update(answer=Answer.YES, answered_at=timezone.now())
    return _take_place(event, email=user.email, name=user.name, user=user, cluster=cluster)


@transaction.atomic
def unregister(*, user: User, event: Event) -> None:
    """Give the person's place back; who has none keeps none.

    :raises DomainError: when the event is over.
    """
    event = Event.objects.select_for_update().get(pk=event.pk)
    if is_over(event):
        raise DomainError(_("This event is over."), code="over")
    Invitation.objects.filter(event=event, email__iexact=user.email, answer=Answer.YES).update(
        answer=Answer.NO, answered_at=timezone.now()
    )
    _leave_place(event, user.email, RegistrationState.CANCELLED)
