"""Which text of which row becomes a vector, and how PostgreSQL tells that it has changed."""

from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value

from clusters.models import Cluster, Need, Offer
from matching.choices import TextKind
from matching.engine.profile import Bilingual
from topics.models import Topic

_BREAK: Final = "\n"


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of a kind and the translated columns that make up the text."""

    kind: TextKind
    model: type[models.Model]
    columns: tuple[str, ...]

    def rows(self) -> QuerySet[Any]:
        """All rows with ``digest``, the fingerprint of their text (SHA-256, 64 hex digits)."""
        both = [f"{column}_{language}" for column in self.columns for language in ("de", "en")]
        content = Func(
            Value(_BREAK),
            *(F(column) for column in both),
            function="concat_ws",
            output_field=models.TextField(),
        )
        rows: QuerySet[Any] = self.model._default_manager.annotate(
            content=content,
            digest=Func(
                content,
                template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')",
                output_field=models.CharField(),
            ),
        )
        return rows

    def with_text(self) -> QuerySet[Any]:
        """Rows that say something."""
        return self.rows().filter(content__regex=r"\S")

    def stale(self, made_with: str, *, lately: bool = False) -> QuerySet[Any]:
        """Rows whose vector is missing, of another text or made otherwise; the oldest first.

        With ``lately`` only rows without a vector, and those saved since it was made, are looked
        at: no text has to be read to know that.
        """
        fresh = Q(vector__text_hash=F("digest"), vector__model=made_with)
        rows = self.with_text()
        if lately:
            rows = rows.filter(Q(vector__isnull=True) | Q(updated_at__gte=F("vector__computed_at")))
        return rows.exclude(fresh, vector__isnull=False).order_by("pk")

    def text_of(self, row: dict[str, Any]) -> Bilingual:
        """Return both languages of a row of values; a missing one is empty."""
        de, en = (
            _BREAK.join(filter(None, (row[f"{column}_{language}"] for column in self.columns)))
            for language in ("de", "en")
        )
        return {"de": de, "en": en}

    def text_columns(self) -> list[str]:
        """Names of the translated columns."""
        return [f"{column}_{language}" for column in self.columns for language in ("de", "en")]


SOURCES: Final = (
    Source(TextKind.NEED, Need, ("text",)),
    Source(TextKind.OFFER, Offer, ("text",)),
    Source(TextKind.PROFILE, Cluster, ("profile",)),
    Source(TextKind.TOPIC, Topic, ("title", "summary", "wanted")),
)
