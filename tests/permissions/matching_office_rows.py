"""The rows behind the tools of staff for matching."""

from matching.models import WeightsDraft
from matching.services import create_draft
from tests.permissions.parameters import House


def furnish_office(house: House) -> None:
    """Put in a draft of weights."""
    draft: WeightsDraft = create_draft(user=house.world.staff)
    house.put(
        "matching:weights-draft matching:weights-draft-discard matching:weights-draft-effect"
        " matching:weights-draft-publish matching:weights-draft-rebase",
        pk=draft.pk,
    )
    house.put("matching:weights-restore", version=1)
