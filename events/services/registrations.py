"""Verbs of people about their own registration: register, change, withdraw, take an offer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster
from core.errors import DomainError
from events import mails
from events.choices import (
    Answer,
    AnswerSource,
    PlaceNews,
    QuestionStage,
    RegistrationSource,
    RegistrationState,
)
from events.models import Event, Invitation, Question, QuestionAnswer, Registration
from events.querysets.registration import GONE
from events.services import places

NEWS = {
    RegistrationState.REGISTERED: PlaceNews.CONFIRMED,
    RegistrationState.WAITING: PlaceNews.WAITING,
    RegistrationState.REQUESTED: PlaceNews.REQUESTED,
}


_SIGNS_OF_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Details:
    """What people say of themselves when they register; None leaves what is stored.

    ``answers`` holds values by question id as ``QuestionAnswer.value`` keeps them.
    """

    name: str | None = None
    list_consent: bool | None = None
    expectation: str | None = None
    answers: Mapping[int, object] | None = None
    questions: Sequence[Question] = field(default=())


def clean_name(name: str) -> str:
    """Return a name on one line, at most as long as the column."""
    return _SIGNS_OF_CONTROL.sub(" ", name).strip()[:150]


def find(event: Event, email: str) -> Registration | None:
    """Return the registration of an address, in whatever state."""
    found: Registration | None = event.registrations.filter(email__iexact=email).first()
    if found is not None:
        found.event = event
    return found


def lock(registration: Registration) -> tuple[Event, Registration]:
    """Return the event, locked, and the registration as it is now."""
    event = places.lock(registration.event_id)
    found: Registration = Registration.objects.select_related("cluster", "user").get(
        pk=registration.pk
    )
    found.event = event
    return event, found


def write_details(registration: Registration, details: Details) -> None:
    """Store the row and what the person says of themselves."""
    if details.name is not None and clean_name(details.name):
        registration.name = clean_name(details.name)
    if details.list_consent is not None:
        registration.list_consent = details.list_consent
    if details.expectation is not None:
        registration.expectation = details.expectation.strip()
    registration.save()
    if details.answers is not None:
        _write_answers(registration, details.questions, details.answers)


def _write_answers(
    registration: Registration, questions: Sequence[Question], answers: Mapping[int, object]
) -> None:
    asked = {q.pk for q in questions if q.event_id == registration.event_id}
    given = {pk: value for pk, value in answers.items() if pk in asked}
    registration.answers.filter(question__in=asked - given.keys()).delete()
    known = {answer.question_id: answer for answer in registration.answers.all()}
    for pk, value in given.items():
        if pk in known:
            known[pk].value = value
    QuestionAnswer.objects.bulk_update([known[pk] for pk in given if pk in known], ["value"])
    QuestionAnswer.objects.bulk_create(
        QuestionAnswer(question_id=pk, registration=registration, value=value)
        for pk, value in given.items()
        if pk not in known
    )


def enter(
    event: Event,
    *,
    email: str,
    name: str = "",
    user: User | None = None,
    cluster: Cluster | None = None,
    invitation: Invitation | None = None,
    source: RegistrationSource,
    language: str = "",
    details: Details | None = None,
    news: PlaceNews | None = None,
    by: str = "",
    is_by_office: bool = False,
    inherits: Registration | None = None,
) -> Registration:
    """Let an address in: a place, one on the waiting list, or a request; the event is locked.

    Who is in already keeps exactly that. ``news`` is told instead of what the state says; the
    office needs no approval and may exceed the quota of a cluster, never the places. ``inherits``
    is somebody who has just stepped back in favour of this person, as they were before.

    :raises DomainError: when the cluster's quota is used up, or the office has turned them down.
    """
    registration = find(event, email)
    if registration is None:
        registration = Registration(event=event, email=email)
    elif registration.state not in GONE:
        if details is not None:
            write_details(registration, details)
        return registration
    elif registration.decision_reason and not is_by_office:
        raise DomainError(
            _("The office has decided about this registration. Please write to the office."),
            code="declined",
        )
    registration.cluster = cluster or registration.cluster
    if not is_by_office:
        places.check_quota(event, registration.cluster)
    if registration.calendar_revision:
        # The calendar was told of a cancellation; only a higher number brings the entry back.
        registration.calendar_revision += 1
    places.admit(event, registration, approved=is_by_office, inherits=inherits)
    registration.name = clean_name(name) or registration.name
    registration.user = user or registration.user
    registration.invitation = invitation or registration.invitation
    registration.source = source
    registration.language = language or (user.language if user else registration.language)
    write_details(registration, details or Details())
    mails.registration_news(
        registration, news or NEWS[RegistrationState(registration.state)], by=by
    )
    return registration


def sync_invitation(event: Event, email: str, answer: Answer, source: AnswerSource) -> None:
    """Keep the invitation of an address in step with what its person did elsewhere."""
    rows = Invitation.objects.filter(event=event, email__iexact=email)
    if answer == Answer.NO:
        rows = rows.filter(answer=Answer.YES)
    now = timezone.now()
    rows.exclude(answer=answer).update(
        answer=answer, answered_at=now, answer_source=source, answer_stamp=now, updated_at=now
    )


@transaction.atomic
def register(
    *,
    user: User,
    event: Event,
    cluster: Cluster | None = None,
    details: Details | None = None,
    source: RegistrationSource = RegistrationSource.PORTAL,
) -> Registration:
    """Register a signed-in person: with a place, on the waiting list, or to be approved.

    Twice is once; the second time only what the person says of themselves is stored.

    :raises DomainError: when the event takes no registrations or the cluster's quota is used up.
    """
    event = places.lock(event.pk)
    places.check_registrable(event)
    registration = enter(
        event,
        email=user.email,
        name=user.name,
        user=user,
        cluster=cluster,
        source=source,
        language=user.language,
        details=details,
    )
    sync_invitation(event, user.email, Answer.YES, AnswerSource.PORTAL)
    places.settle(event)
    return registration


@transaction.atomic
def change_registration(
    *, registration: Registration, details: Details, user: User | None = None
) -> Registration:
    """Store other answers, another expectation or consent.

    :raises DomainError: when the event is over or the person is not registered any more.
    """
    event, registration = lock(registration)
    places.check_open(event)
    if registration.state in GONE:
        raise DomainError(_("You are not registered any more."), code="wrong_state")
    write_details(registration, details)
    return registration


@transaction.atomic
def withdraw(
    *,
    registration: Registration,
    user: User | None = None,
    source: AnswerSource = AnswerSource.LINK,
) -> Registration:
    """Give back a place, an offer, or one on the waiting list; twice is once.

    :raises DomainError: when the event is over or the person has been checked in.
    """
    event, registration = lock(registration)
    if registration.state in GONE:
        return registration
    places.check_open(event)
    if registration.state == RegistrationState.ATTENDED:
        raise DomainError(_("You have been checked in already."), code="wrong_state")
    leave(event, registration, RegistrationState.CANCELLED)
    sync_invitation(event, registration.email, Answer.NO, source)
    return registration


def step_out(
    registration: Registration,
    state: RegistrationState,
    news: PlaceNews = PlaceNews.WITHDRAWN,
    *,
    by: str = "",
    reason: str = "",
) -> None:
    """Take somebody out and tell them; what becomes free is passed on by the caller."""
    had_place = places.release(registration, state)
    mails.registration_news(registration, news, had_place=had_place, by=by, reason=reason)


def leave(
    event: Event,
    registration: Registration,
    state: RegistrationState,
    news: PlaceNews = PlaceNews.WITHDRAWN,
    *,
    reason: str = "",
) -> None:
    """Take somebody out, tell them, and pass their place on; the event is locked."""
    step_out(registration, state, news, reason=reason)
    places.settle(event)


@transaction.atomic
def unregister(*, user: User, event: Event) -> None:
    """Withdraw a signed-in person; who is not registered stays so.

    :raises DomainError: as :func:`withdraw`.
    """
    event = places.lock(event.pk)
    places.check_open(event)
    own = event.registrations.of_user(user).active()
    for registration in own:
        withdraw(registration=registration, user=user, source=AnswerSource.PORTAL)
    sync_invitation(event, user.email, Answer.NO, AnswerSource.PORTAL)


@transaction.atomic
def accept_offer(*, registration: Registration, user: User | None = None) -> Registration:
    """Take the place that is kept for the person; twice is once.

    :raises DomainError: when none is kept (any more), or the event is over.
    """
    event, registration = lock(registration)
    places.check_open(event)
    if registration.state in (RegistrationState.REGISTERED, RegistrationState.ATTENDED):
        return registration
    _check_offer(registration)
    places.give(event, registration, PlaceNews.CONFIRMED)
    return registration


@transaction.atomic
def decline_offer(*, registration: Registration, user: User | None = None) -> Registration:
    """Leave the place that is kept to the next person; this one leaves the waiting list.

    :raises DomainError: when none is kept (any more), or the event is over.
    """
    event, registration = lock(registration)
    if registration.state in GONE:
        return registration
    places.check_open(event)
    _check_offer(registration)
    leave(event, registration, RegistrationState.CANCELLED)
    sync_invitation(event, registration.email, Answer.NO, AnswerSource.LINK)
    return registration


@transaction.atomic
def register_again(*, registration: Registration, user: User | None = None) -> Registration:
    """Take somebody up again who withdrew or let their offer run out; twice is once.

    :raises DomainError: as :func:`register`, and when the office has turned them down.
    """
    event, registration = lock(registration)
    places.check_registrable(event)
    again = enter(
        event,
        email=registration.email,
        source=RegistrationSource(registration.source),
        language=registration.language,
    )
    sync_invitation(event, registration.email, Answer.YES, AnswerSource.LINK)
    places.settle(event)
    return again


def _check_offer(registration: Registration) -> None:
    until = registration.offer_expires_at
    if registration.state != RegistrationState.OFFERED or until is None:
        raise DomainError(_("No place is kept for you at present."), code="no_offer")
    if until <= timezone.now():
        raise DomainError(
            _("The offer has run out. The place goes to the next person on the waiting list."),
            code="offer_lapsed",
        )


def questions_for(event: Event, registration: Registration | None) -> list[Question]:
    """Return what a person is asked now: at registration, and the rest once they have a place."""
    stages = [QuestionStage.REGISTRATION]
    if registration is not None and registration.state in (
        RegistrationState.REGISTERED,
        RegistrationState.ATTENDED,
    ):
        stages.append(QuestionStage.ACCEPTANCE)
    order = {stage: place for place, stage in enumerate(stages)}
    asked = event.questions.filter(stage__in=stages)
    return sorted(asked, key=lambda q: (order[QuestionStage(q.stage)], q.position, q.pk))
