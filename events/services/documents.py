"""Verbs about files of an event."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from core.uploads import delete_with_file
from events.choices import AccessLevel
from events.models import Event, Session, SessionDocument

DOCUMENTS_MAX = 100


@transaction.atomic
def add_document(
    *, user: User, event: Event, title: str, file: File[bytes], session: Session | None, level: str
) -> SessionDocument:
    """Store a checked file of an event or of one part of it.

    :raises DomainError: when the event has as many as it may, or the part is another event's.
    """
    Event.objects.select_for_update().get(pk=event.pk)
    if session is not None and session.event_id != event.pk:
        raise DomainError(_("Please choose a part of this event."), field="session")
    if event.documents.count() >= DOCUMENTS_MAX:
        raise DomainError(
            _("An event may have %(number)d documents. Please delete one first.")
            % {"number": DOCUMENTS_MAX}
        )
    return SessionDocument.objects.create(
        event=event,
        title=title,
        file=file,
        session=session,
        level=AccessLevel(level),
        author=user,
    )


@transaction.atomic
def delete_document(*, user: User, document: SessionDocument) -> None:
    """Delete a document and, once that is certain, its file."""
    delete_with_file(document)
