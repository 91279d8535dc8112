"""Calculations that take long: asked for by a page, done by a worker."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from core.errors import DomainError
from events.choices import AssignmentState
from events.models import Assignment, Event
from events.services.workshops.drafting import Keep, draft_assignment
from events.services.workshops.shared import check_wishes, lock
from events.workshops import current_draft


@transaction.atomic
def ask_for_draft(*, user: User, event: Event, keep: Keep) -> Assignment:
    """Note that a draft is to be calculated; a worker finds the note even if its task is lost.

    An earlier draft stays until the new one is there.
    """
    event = lock(event)
    check_wishes(event)
    draft = current_draft(event) or Assignment(event=event, state=AssignmentState.DRAFT)
    draft.author = user
    draft.figures = {
        **draft.figures,
        "calculating": keep.value,
        "asked_at": timezone.now().isoformat(timespec="seconds"),
    }
    draft.save()
    return draft


def calculate_asked(*, assignment_id: int) -> None:
    """Calculate a draft that was asked for; a second call finds nothing left to do."""
    asked = Assignment.objects.filter(
        pk=assignment_id, state=AssignmentState.DRAFT, figures__has_key="calculating"
    )
    draft = asked.select_related("event", "author").first()
    if draft is None:
        return
    with override(draft.author.language if draft.author else "de"):
        try:
            draft_assignment(
                user=draft.author, event=draft.event, keep=Keep(draft.figures["calculating"])
            )
        except DomainError as error:
            _note(draft.pk, error.message)


@transaction.atomic
def _note(pk: int, problem: str) -> None:
    draft = Assignment.objects.select_for_update().filter(pk=pk).first()
    if draft is not None:
        draft.figures.pop("calculating", None)
        draft.figures["problem"] = problem
        draft.save(update_fields=["figures", "updated_at"])
