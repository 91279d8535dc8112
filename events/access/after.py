"""Minutes, their actions, documents and the survey."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.people import Person
from events.access.registrations import get_registration_by_token
from events.choices import ParticipantGroup
from events.models import Event, MinutesItem, Registration, SessionDocument
from events.querysets.registration import TAKING_A_PLACE


def can_edit_minutes(user: Person, event: Event) -> bool:
    """Tell whether ``user`` writes the minutes: staff, and who is registered as moderator."""
    if user.is_staff:
        return True
    if not user.is_authenticated:
        return False
    own: Any = Registration.objects.of_user(user).taking_a_place()
    return bool(own.filter(event=event, group=ParticipantGroup.MODERATOR).exists())


def get_event_for_minutes(user: Person, slug: str) -> Event:
    """Return an event whose minutes ``user`` may write."""
    event: Event = get_object_or_404(Event.objects.visible_to(user), slug=slug)
    if not can_edit_minutes(user, event):
        raise PermissionDenied
    return event


def get_minutes_item_for_editing(user: Person, slug: str, pk: int) -> MinutesItem:
    """Return an item of minutes ``user`` may write; what is for staff only is hidden."""
    event = get_event_for_minutes(user, slug)
    items: QuerySet[MinutesItem] = MinutesItem.objects.editable_by(user)
    return get_object_or_404(
        items.filter(event=event).select_related("event", "session", "topic", "owner"), pk=pk
    )


def get_minutes_for_reading(user: Person, slug: str) -> tuple[Event, list[MinutesItem]]:
    """Return published minutes as far as ``user`` may read them; without any there is no page."""
    event: Event = get_object_or_404(Event.objects.visible_to(user), slug=slug)
    shown: Any = event.minutes.visible_to(user)
    items: list[MinutesItem] = list(shown.with_row_data().in_reading_order())
    if not items:
        raise Http404
    return event, items


def get_registration_for_reading(token: str) -> Registration:
    """Return the registration of somebody who takes part, by the link in their mail."""
    registration = get_registration_by_token(token)
    if registration.state not in TAKING_A_PLACE:
        raise Http404
    return registration


def get_action(user: User, pk: int) -> MinutesItem:
    """Return an action staff or a manager of its owner cluster may set done."""
    actions: Any = MinutesItem.objects.select_related("event", "owner")
    own = actions if user.is_staff else actions.actions_of(user)
    found: MinutesItem = get_object_or_404(own.filter(kind="action"), pk=pk)
    return found


def get_document(user: Person, slug: str, pk: int) -> SessionDocument:
    """Return a document of an event on a level ``user`` may read."""
    event: Event = get_object_or_404(Event.objects.visible_to(user), slug=slug)
    documents: Any = event.documents.visible_to(user)
    found: SessionDocument = get_object_or_404(documents, pk=pk)
    return found


def get_document_for_participant(token: str, pk: int) -> SessionDocument:
    """Return a document for somebody who takes part, by the link in their mail."""
    registration = get_registration_for_reading(token)
    documents: Any = registration.event.documents.for_participants()
    found: SessionDocument = get_object_or_404(documents, pk=pk)
    return found


def get_document_for_deleting(user: Person, slug: str, pk: int) -> SessionDocument:
    """Return a document of an event: staff only."""
    if not user.is_staff:
        raise Http404
    documents = SessionDocument.objects.select_related("event")
    found: SessionDocument = get_object_or_404(documents, event__slug=slug, pk=pk)
    return found


def get_event_for_figures(user: Person, slug: str) -> Event:
    """Return an event whose figures and survey staff reads; nobody else learns of them."""
    if not user.is_staff:
        raise Http404
    return get_object_or_404(Event, slug=slug)
