"""What the verbs about workshops have in common."""

from django.utils.translation import gettext as _

from core.errors import DomainError
from events.choices import ChoiceMode
from events.models import Event


def lock(event: Event) -> Event:
    """Lock the event's row: two people who assign at once do not get in each other's way."""
    return Event.objects.select_for_update().get(pk=event.pk)


def check_wishes(event: Event) -> None:
    """:raises DomainError: when the event's workshops are not assigned by wishes."""
    if event.choice_mode != ChoiceMode.WISHES:
        raise DomainError(
            _("The workshops of this event are not assigned by wishes."), code="no_wishes"
        )


def missing_draft() -> DomainError:
    return DomainError(
        _("There is no draft any more. Somebody has published or discarded it."), code="no_draft"
    )
