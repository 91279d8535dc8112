"""A person ranks the workshops they would like to visit."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from events.dates import is_over
from events.models import Registration, WorkshopChoice
from events.querysets.registration import GONE
from events.services.workshops.shared import check_wishes, lock
from events.workshops import held_places, offer_of, takes_wishes


@transaction.atomic
def save_wishes(*, registration: Registration, workshops: Sequence[str]) -> Registration:
    """Store a person's wishes, best first; they replace the earlier ones. None is a wish, too.

    Whoever holds the link of the registration, or is the person, may do that.

    :raises DomainError: when wishes are closed, the rooms are given, or a workshop is unknown or
        named twice.
    """
    event = lock(registration.event)
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    check_wishes(event)
    if registration.state in GONE:
        raise DomainError(_("You are not registered for this event."), code="not_registered")
    offer = offer_of(event)
    if held_places(offer).get(registration.pk):
        raise DomainError(
            _("Your workshops have been assigned. Please write to the office to change them."),
            code="assigned",
        )
    if not takes_wishes(event):
        over = _("This event is over.") if is_over(event) else ""
        raise DomainError(over or _("Wishes can no longer be changed."), code="closed")
    if unknown := [key for key in workshops if key not in offer.workshops]:
        raise DomainError(
            _("This workshop is no longer offered: %(key)s.") % {"key": unknown[0]},
            field="wishes",
            code="unknown",
        )
    if len(set(workshops)) < len(workshops):
        raise DomainError(
            _("Please give each workshop only one rank."), field="wishes", code="twice"
        )
    WorkshopChoice.objects.filter(registration=registration).delete()
    WorkshopChoice.objects.bulk_create(
        WorkshopChoice(registration=registration, workshop=key, rank=rank)
        for rank, key in enumerate(workshops, start=1)
    )
    return registration
