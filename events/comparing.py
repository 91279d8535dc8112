"""What two people made of one item of the minutes, side by side."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clusters.diff import DiffRow, diff_words
from events.choices import AccessLevel, MinutesKind
from events.models import MinutesItem
from events.services.minutes import ItemValues


def _labels() -> dict[str, str]:
    return {
        "text": _("Text"),
        "kind": _("Kind"),
        "owner": _("Who does it"),
        "due_on": _("Due on"),
        "session": _("Part of the programme"),
        "topic": _("Topic"),
        "level": _("Who may read it"),
    }


def _word(name: str, value: Any) -> str:
    if value is None:
        return ""
    match name:
        case "kind":
            return str(MinutesKind(value).label)
        case "level":
            return str(AccessLevel(value).label)
        case "due_on":
            return date_format(value, "DATE_FORMAT")
    return str(value)


def compare(theirs: MinutesItem, mine: ItemValues) -> list[DiffRow]:
    """Return the fields in which what is stored and what was entered differ, text first."""
    rows = []
    for name, label in _labels().items():
        stored, entered = _word(name, getattr(theirs, name)), _word(name, getattr(mine, name))
        if stored != entered:
            rows.append(DiffRow(f"minutes-{name}", label, *diff_words(stored, entered)))
    return rows
