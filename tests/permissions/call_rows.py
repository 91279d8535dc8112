"""A call of alpha that only its managers and staff may read, with a team."""

from tests.matching.call_rows import make_call, make_team
from tests.permissions.parameters import House


def furnish_calls(house: House) -> None:
    """Give the house a call of alpha with a proposed team."""
    call = make_call(house.world.alpha)
    team = make_team(call, [house.world.beta])
    house.put(
        "matching:call-detail matching:call-edit matching:call-delete matching:call-compute"
        " matching:call-mark matching:call-csv",
        pk=call.pk,
    )
    house.put("matching:team-keep matching:team-swap", pk=call.pk, team=team.pk)
