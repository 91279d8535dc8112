"""Background work of the matching app."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from celery import Task, shared_task
from django.core.cache import cache

from matching import services
from matching.services import consortia

SOON: Final = 3
"""Seconds in which further changes join the computation already asked for."""
BUSY: Final = 5
"""Seconds until a task that found another one at work asks again."""
_ASKED: Final = "matching:round-asked-for"
# So that a task lost with its broker does not keep later changes waiting for ever.
_ASKED_SECONDS: Final = 60


@shared_task(bind=True, max_retries=None)
def compute_suggestions(self: "Task[Any, Any]") -> None:
    """Compute a whole round from the data as they are now, if they have changed."""
    services.compute_vectors()
    _in_turn(self, services.compute_round)


@shared_task(bind=True, max_retries=None)
def refresh_suggestions(self: "Task[Any, Any]") -> None:
    """Bring the lists up to date after a change."""
    # New texts first, so that they are compared with all the others.
    services.compute_vectors(lately=True)
    # Forgotten before the data are read: whoever changes them from here on asks anew.
    cache.delete(_ASKED)
    _in_turn(self, services.refresh)


@shared_task
def resume_round() -> None:
    """Go on with a round that a dead worker left, if there is one."""
    if services.left_unfinished():
        # Whoever holds the turn works on it already.
        with suppress(services.RoundBusyError):
            services.compute_round()


@shared_task
def compute_effect(effect_id: int) -> None:
    """Compute what a draft of weights would do to the lists."""
    services.compute_effect(effect_id=effect_id)


@shared_task
def compute_waiting_effects() -> None:
    """Find effects whose task was lost with its broker; run by beat."""
    for effect_id in services.effects_to_compute():
        services.compute_effect(effect_id=effect_id)


@shared_task
def answer_inquiry(inquiry_id: int) -> None:
    """Find out what speaks for and against a pair."""
    services.answer_inquiry(inquiry_id=inquiry_id)


@shared_task
def answer_waiting_inquiries() -> None:
    """Find inquiries whose task was lost with its broker; run by beat."""
    for inquiry_id in services.inquiries_to_answer():
        services.answer_inquiry(inquiry_id=inquiry_id)


@shared_task
def run_solving(solving_id: int) -> None:
    """Compute a timetable of 1:1 meetings."""
    services.run_solving(solving_id=solving_id)


@shared_task
def run_waiting_solvings() -> None:
    """Find timetables whose task was lost with its broker or worker; run by beat."""
    for solving_id in services.solvings_to_run():
        services.run_solving(solving_id=solving_id)


@shared_task
def compute_teams(proposal_id: int) -> None:
    """Compute the teams of a call."""
    consortia.compute_teams(proposal_id=proposal_id)


@shared_task
def compute_waiting_teams() -> None:
    """Find teams whose task was lost with its broker or worker; run by beat."""
    for proposal_id in consortia.proposals_to_compute():
        consortia.compute_teams(proposal_id=proposal_id)


@shared_task
def compute_vectors() -> None:
    """Make the vectors that no task has made yet, and bring up to date what rests on them."""
    if any(services.compute_vectors().values()):
        refresh_suggestions_soon()


@shared_task
def cancel_meetings_with_events() -> None:
    """Call off meetings whose event was cancelled; run by beat."""
    services.cancel_with_events()


def refresh_suggestions_soon() -> None:
    """Ask for fresh lists in a few seconds; many changes until then are done at once."""
    if cache.add(_ASKED, True, timeout=_ASKED_SECONDS):
        refresh_suggestions.apply_async(countdown=SOON)


def _in_turn(task: "Task[Any, Any]", compute: Callable[[], object]) -> None:
    try:
        compute()
    except services.RoundBusyError as busy:
        raise task.retry(countdown=BUSY, exc=busy) from busy


@shared_task
def care_for_introductions() -> None:
    """Remind, end what was not agreed to, ask what came of the rest, close it; run by beat."""
    services.remind_of_introductions()
    services.end_introductions()
    services.ask_what_came()
    services.close_introductions()


@shared_task
def send_digests() -> None:
    """Write the digests of new suggestions that are due; run by beat each morning."""
    services.note_suggested_pairs()
    services.send_digests()


@shared_task
def forget_introductions() -> None:
    """Delete words and names of introductions and feedback that are over; run by beat."""
    services.forget_introductions()
    services.forget_feedback()
    services.forget_digests()
