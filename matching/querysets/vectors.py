"""Vectors of texts."""

from typing import Any, Self

from django.db import models

from matching.choices import TextKind


class TextVectorQuerySet(models.QuerySet[Any]):
    def of_kind(self, kind: TextKind) -> Self:
        """Vectors of needs, of offers, of profiles or of topics."""
        return self.exclude(**{f"{kind}__isnull": True})

    def made_by(self, model: str) -> Self:
        """Vectors one may compare: those of one model (name and version)."""
        return self.filter(model=model)
