"""Verbs about saved audiences."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import DomainError
from events.audience import Audience
from events.models import SavedAudience


@transaction.atomic
def save_audience(
    *, user: User, name: str, audience: Audience, overwrite: bool = False
) -> SavedAudience:
    """Store a choice under a name, without its addresses.

    :raises DomainError: when the name is taken and is not to be replaced, or nothing but addresses
        was chosen.
    """
    choice = Audience.from_choice(audience.as_choice())
    if choice.is_empty:
        raise DomainError(
            _("Lists of addresses are not stored. Please choose clusters, topics or an event."),
            code="only_addresses",
        )
    saved = SavedAudience.objects.select_for_update().filter(name__iexact=name).first()
    if saved is None:
        saved = SavedAudience(name=name)
    elif not overwrite:
        raise DomainError(
            _("There is an audience of this name already. Tick “replace” or choose another name."),
            field="name",
            code="taken",
        )
    saved.choice = choice.as_choice()
    saved.author = user
    saved.save()
    return saved


@transaction.atomic
def delete_audience(*, user: User, saved: SavedAudience) -> None:
    """Forget a saved audience; nobody is uninvited by that."""
    saved.delete()
