"""Answers to invitations: yes, no and maybe. "A colleague comes" is in ``colleagues``."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events.choices import (
    Answer,
    AnswerSource,
    PlaceNews,
    RegistrationSource,
    RegistrationState,
)
from events.models import Event, Invitation, Registration
from events.querysets.registration import GONE
from events.services import places, registrations

_SOURCES = {
    AnswerSource.CALENDAR: RegistrationSource.CALENDAR,
    AnswerSource.STAFF: RegistrationSource.STAFF,
}


@transaction.atomic
def answer_invitation(
    *,
    invitation: Invitation,
    answer: Answer,
    user: User | None = None,
    source: AnswerSource = AnswerSource.LINK,
    at: datetime | None = None,
    details: registrations.Details | None = None,
) -> Registration | None:
    """Store an answer and what follows from it; the same answer twice changes nothing.

    "Yes" takes a place, joins the waiting list or asks for approval; "no" and "maybe" give a place
    back. ``at`` is when the person said so, if that is not now: what is older than the last answer
    is ignored. Returns the registration that results from "yes".

    :raises DomainError: when the event is over, cancelled or closed for registration, or when the
        cluster's quota is used up.
    """
    event, invitation = lock_invitation(invitation)
    if answer == Answer.COLLEAGUE:
        raise DomainError(_("Please tell us who comes."), field="colleague_email", code="required")
    stamp = at or timezone.now()
    last = invitation.answer_stamp
    # Calendar programs count whole seconds.
    if last is not None and stamp < last.replace(microsecond=0):
        return registrations.find(event, invitation.email)
    write_answer(invitation, answer, source, stamp)
    if answer == Answer.YES:
        return _come(event, invitation, source, user, details)
    registration = registrations.find(event, invitation.email)
    if registration is not None and registration.state not in GONE:
        if registration.state == RegistrationState.ATTENDED:
            return registration
        left = RegistrationState.DECLINED if answer == Answer.NO else RegistrationState.CANCELLED
        news = PlaceNews.WITHDRAWN if answer == Answer.NO else PlaceNews.MAYBE
        registrations.leave(event, registration, left, news)
    elif registration is not None and answer == Answer.NO:
        Registration.objects.filter(pk=registration.pk).update(state=RegistrationState.DECLINED)
    return None


def _come(
    event: Event,
    invitation: Invitation,
    source: AnswerSource,
    user: User | None,
    details: registrations.Details | None,
) -> Registration:
    known = registrations.find(event, invitation.email)
    if known is None or known.state in GONE:
        places.check_registrable(event)
    registration = registrations.enter(
        event,
        email=invitation.email,
        name=invitation.name,
        user=invitation.user or user,
        cluster=invitation.cluster,
        invitation=invitation,
        source=_SOURCES.get(source, RegistrationSource.INVITATION),
        language=invitation.language,
        details=details,
    )
    places.settle(event)
    return registration


def lock_invitation(invitation: Invitation) -> tuple[Event, Invitation]:
    """Return the event and the invitation, both locked.

    :raises DomainError: when the event is over or cancelled.
    """
    event = places.lock(invitation.event_id)
    found: Invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    places.check_open(event)
    return event, found


def write_answer(
    invitation: Invitation, answer: Answer, source: AnswerSource, stamp: datetime
) -> None:
    """Store an answer, how it came, and when the person said so."""
    if invitation.answer != answer:
        invitation.answer = answer
        invitation.answered_at = timezone.now()
        invitation.answer_source = source
    invitation.answer_stamp = stamp
    invitation.save(
        update_fields=["answer", "answered_at", "answer_source", "answer_stamp", "updated_at"]
    )
