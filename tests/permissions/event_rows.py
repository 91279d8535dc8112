"""The rows behind the addresses of the events app, one function for each kind of work."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import InboundNote
from events.choices import AccessLevel, ChoiceMode, EventStatus, RegistrationState
from events.models import (
    CalendarFeed,
    Event,
    Invitation,
    MinutesItem,
    Question,
    Registration,
    SavedAudience,
)
from events.tokens import make_registration_token, make_ticket_token
from events.tokens import make_token as make_answer_token
from tests.factories import (
    make_action,
    make_event,
    make_minutes_item,
    make_question,
    make_registration,
    make_workshops,
)
from tests.permissions.parameters import House


def furnish_events(house: House) -> None:
    """Put in events and what belongs to them."""
    _planning(house)
    _invitations(house)
    _places(house)
    _workshops(house)
    _api(house)
    _mailings(house)
    _after(house)
    _day(house)
    _calendars(house)


def _planning(house: House) -> None:
    world = house.world
    draft: Event = make_event(slug="draft", status=EventStatus.DRAFT)
    proposed = make_event(slug="proposed", status=EventStatus.SUBMITTED, proposed_by=world.alpha)
    public = make_event(slug="public")
    public.sessions.create(
        code="a",
        part="plenary",
        title_de="Teil",
        starts_at=public.starts_at,
        ends_at=public.ends_at,
    )
    hidden_part = draft.sessions.create(
        code="a",
        part="plenary",
        title_de="Geheim",
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
    )
    guest: Invitation = Invitation.objects.create(
        event=public, email=world.manager.email, user=world.manager
    )
    house.put(
        "events:event-detail events:event-edit events:event-publish events:event-delete"
        " events:event-programme events:event-clone events:event-repeat events:question-list"
        " event-calendar api:event-detail",
        slug="draft",
    )
    question = draft.questions.create(label_de="Frage")
    house.put(
        "events:question-edit events:question-move events:question-delete",
        slug="draft",
        pk=question.pk,
    )
    house.put("events:change-notice", slug="draft")
    house.put("api:session-detail", pk=hidden_part.pk)
    house.put("session-calendar", slug="draft", code="a")
    house.put("events:event-review", slug=proposed.slug)
    house.put(
        "events:event-cancel events:event-register events:event-unregister"
        " events:invitation-audience events:invitation-list events:invitation-resend",
        slug="public",
    )
    house.put("events:invitation-answer", pk=guest.pk)
    house.put("events:answer events:answer-thanks", token=make_answer_token(guest.pk))


def _places(house: House) -> None:
    place = make_registration(Event.objects.get(slug="public"), email="place@guests.example")
    workshop = place.event.sessions.create(code="w", part="parallel", title_de="Workshop")
    token = make_registration_token(place.pk)
    house.put(
        "events:registration events:registration-withdraw events:registration-accept"
        " events:registration-decline events:registration-again",
        token=token,
    )
    house.put("events:registration-session", token=token, pk=workshop.pk)
    queued = place.places.create(session=workshop, state="waiting")
    house.put("events:session-list events:session-place-pass", slug="public", pk=queued.pk)
    house.put(
        "events:register-colleagues events:my-registration events:registration-list"
        " events:registrations-act events:registration-add events:expectation-list",
        slug="public",
    )


def _api(house: House) -> None:
    """What programs read: everything belongs to an event whose minutes are not published."""
    event = make_event(slug="api")
    registration = Registration.objects.create(event=event, email=house.world.manager.email)
    invitation = Invitation.objects.create(event=event, email="guest@clusters.example")
    item = MinutesItem.objects.create(event=event, text="Vertraulich")
    question = Question.objects.create(
        event=make_event(slug="api-draft", status=EventStatus.DRAFT), label_de="Geheim"
    )
    house.put("api:question-detail", pk=question.pk)
    house.put("api:registration-detail", pk=registration.pk)
    house.put("api:invitation-detail", pk=invitation.pk)
    house.put("api:minutes-item-detail", pk=item.pk)


def _workshops(house: House) -> None:
    """An event nobody but staff knows of, and a public one the member is registered for."""
    hidden = make_event(slug="workshops", status=EventStatus.DRAFT, choice_mode=ChoiceMode.WISHES)
    sessions = make_workshops(hidden)
    guest = make_registration(hidden, email="workshops@guests.example")
    draft = hidden.assignments.create()
    place = draft.places.create(registration=guest, session=sessions[0])
    house.put(
        "events:assignment events:assignment-calculate events:assignment-publish"
        " events:assignment-discard events:assignment-room-lists",
        slug=hidden.slug,
    )
    house.put("events:assignment-person", slug=hidden.slug, pk=guest.pk)
    house.put("events:assignment-fix", slug=hidden.slug, pk=place.pk)
    public = make_event(slug="wishes", choice_mode=ChoiceMode.WISHES)
    make_workshops(public)
    own = make_registration(public, user=house.world.member)
    house.put("events:my-wishes", slug=public.slug)
    house.put("events:wishes", token=make_registration_token(own.pk))


def _after(house: House) -> None:
    """Minutes that are handed out, of an event nobody but staff writes for."""
    past = timezone.now() - timedelta(days=2)
    event = make_event(past, slug="talked", minutes_published_at=past)
    item = make_minutes_item(event, level=AccessLevel.CLUSTERS)
    action = make_action(event, house.world.alpha)
    guest = make_registration(event, email="talked@guests.example")
    file = SimpleUploadedFile("slides.pdf", b"%PDF-1.7")
    document = event.documents.create(title="Slides", file=file, level=AccessLevel.CLUSTERS)
    names = "minutes minutes-read minutes-publish minutes-withdraw document-list"
    house.put(" ".join(f"events:{name}" for name in names.split()), slug=event.slug)
    names = "minutes-item minutes-item-move minutes-item-delete"
    house.put(" ".join(f"events:{name}" for name in names.split()), slug=event.slug, pk=item.pk)
    house.put("events:document events:document-delete", slug=event.slug, pk=document.pk)
    names = "event-figures event-figures-table survey-results survey-table"
    house.put(" ".join(f"events:{name}" for name in names.split()), slug=event.slug)
    make_question(event, stage="survey")
    house.put("events:action-done", pk=action.pk)
    token = make_registration_token(guest.pk)
    house.put("events:minutes-link events:survey", token=token)
    house.put("events:document-link", token=token, pk=document.pk)


def _day(house: House) -> None:
    """An event that runs, with somebody who was there."""
    now = timezone.now()
    event = make_event(now - timedelta(hours=1), slug="today")
    guest = make_registration(
        event, email="today@guests.example", state=RegistrationState.ATTENDED, list_consent=True
    )
    house.put(
        "events:check-in events:check-in-sync events:check-in-worker events:walk-in"
        " events:participant-list events:badges events:badge-sheet events:attendance-list"
        " events:certificate-list",
        slug="today",
    )
    house.put("events:check-in-person", slug="today", pk=guest.pk)
    house.put("events:event-export", slug="today", table="registrations", ending="csv")
    house.put("events:ticket events:certificate", token=make_ticket_token(guest.pk))
    house.put("events:registration-participants", token=make_registration_token(guest.pk))


def _calendars(house: House) -> None:
    feed = CalendarFeed.objects.create(user=house.world.member)
    note = InboundNote.objects.create(mailbox_key="1:1", subject="Frage", reason="Grund")
    registration = make_registration(make_event(slug="own"))
    house.put("person-calendar", secret=feed.secret)
    house.put("events:inbound-note-done", pk=note.pk)
    house.put("events:registration-calendar", token=make_registration_token(registration.pk))


def _invitations(house: House) -> None:
    saved: SavedAudience = SavedAudience.objects.create(name="All", choice={})
    house.put(
        "events:invitation-csv events:invitation-pause events:invitation-resume",
        slug="public",
    )
    house.put("events:invitation-preview events:audience-save", slug="public", draft="x")
    house.put("events:audience-delete", slug="public", pk=saved.pk)


def _mailings(house: House) -> None:
    event = Event.objects.get(slug="public")
    mailing = event.mailings.create(
        occasion="reminder", segment={"answers": ["none"]}, scheduled_at=event.starts_at
    )
    house.put("events:mail-text-list events:mailing-list events:mailing-create", slug="public")
    house.put(
        "events:mail-text-edit events:mail-text-reset",
        slug="public",
        occasion="invitation",
    )
    house.put(
        "events:mailing-cancel events:mailing-detail events:mailing-resend",
        slug="public",
        pk=mailing.pk,
    )
