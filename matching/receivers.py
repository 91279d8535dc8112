"""News from below: what suggestions rest on has changed."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from clusters.signals import profile_changed
from events.models import Event
from events.signals import personal_data_removed
from matching import services
from matching.models import Feedback, Introduction
from matching.signals import candidates_changed
from matching.tasks import refresh_suggestions_soon
from topics.signals import endorsement_changed


@receiver(profile_changed, dispatch_uid="matching.profile_changed")
@receiver(endorsement_changed, dispatch_uid="matching.endorsement_changed")
@receiver(candidates_changed, dispatch_uid="matching.candidates_changed")
def recompute_soon(**kwargs: Any) -> None:
    """Have the suggestions computed anew, once the change is in the database."""
    transaction.on_commit(refresh_suggestions_soon)


@receiver((post_save, post_delete), sender=Feedback, dispatch_uid="matching.feedback")
@receiver((post_save, post_delete), sender=Introduction, dispatch_uid="matching.introduction")
def refill_soon(**kwargs: Any) -> None:
    """Fill the place of a partner that was put aside, or let one come back."""
    transaction.on_commit(refresh_suggestions_soon)


@receiver(personal_data_removed, dispatch_uid="matching.personal_data_removed")
def remove_meetings(event: Event, **kwargs: Any) -> dict[str, int]:
    """Delete what is known of people who met at an event, with its other personal data."""
    return services.remove_meetings(event=event)
