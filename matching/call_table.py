"""The teams of a call as rows of a table."""

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from matching.teams_page import Board


def table_of(board: Board) -> Iterator[Sequence[object]]:
    """Yield the head, then a row for each member of each team; working lists come last."""
    yield (
        _("Team"),
        _("Organisation"),
        _("Leads"),
        _("City"),
        _("Roles"),
        _("Reasons"),
        _("Missing in the team"),
        _("Could take the place"),
    )
    for sheet in [*board.sheets, *board.kept]:
        name = _("Working list") if sheet.team.kept_at else str(sheet.team.rank)
        for member in sheet.members:
            yield (
                name,
                member.cluster.name,
                _("yes") if member.row.is_lead else "",
                member.cluster.city,
                member.roles,
                " ".join(member.reasons),
                ", ".join(sheet.missing),
                ", ".join(option.cluster.name for option in member.options),
            )
