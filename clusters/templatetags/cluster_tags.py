"""Small helpers of the cluster pages."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import template
from django.db.models.fields.files import FieldFile
from django.template.defaultfilters import filesizeformat
from django.urls import get_script_prefix
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clusters.choices import LabelLevel

if TYPE_CHECKING:
    from clusters.models import Cluster

register = template.Library()
_COLOURS = 6
_TEASER = 160


@register.filter
def value_of(mapping: Mapping[Any, Any], key: object) -> object:
    """``mapping[key]``, or nothing where it is not known."""
    return mapping.get(key, "")


@register.filter
def values_of(mapping: Mapping[Any, Any], keys: Iterable[object]) -> list[Any]:
    """The values of several keys, in their order."""
    return [mapping[key] for key in keys if key in mapping]


@register.simple_tag
def cluster_url(cluster: "Cluster") -> str:
    """The address of a profile; built by hand because a list asks for it once a row."""
    return f"{get_script_prefix()}{get_language()}/clusters/{cluster.slug}/"


@register.filter
def teaser(cluster: "Cluster") -> str:
    """The beginning of the profile in the reader's language, of a row ``with_card_data()``."""
    german, english = cluster.teaser_de, cluster.teaser_en  # type: ignore[attr-defined]
    text = (english or german) if get_language() == "en" else (german or english)
    text = text or cluster.full_name
    return text if len(text) <= _TEASER else f"{text[:_TEASER].rsplit(' ', 1)[0]} …"


@register.filter
def best_level(levels: Iterable[str]) -> str:
    """The highest of several label levels."""
    return max(levels, key=LabelLevel.values.index)


@register.filter
def level_name(level: str) -> str:
    """A label level as a badge says it."""
    return _("%(level)s label") % {"level": str(LabelLevel(level).label).capitalize()}


@register.filter
def initials(name: str) -> str:
    """Up to two letters that stand for a cluster without a logo."""
    words = [word for word in name.replace(".", " ").split() if word[:1].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "·"


@register.filter
def colour_number(slug: str) -> int:
    """A colour between 0 and 5 that stays with the cluster."""
    return sum(slug.encode()) % _COLOURS


@register.filter
def size_of(file: FieldFile) -> str:
    """The size of a stored file in words, or that it is gone."""
    try:
        return str(filesizeformat(file.size))
    except FileNotFoundError:
        return _("file is missing")
