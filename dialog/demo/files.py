"""The texts of the examples, and the plot they are planted on."""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from django.db import models

from clusters.choices import TermKind
from clusters.models import Cluster, District, InnovationField, Term
from core.imports import Import, save_row

FOLDER = Path(__file__).resolve().parent.parent / "data" / "demo"
# What a reader sees as the source of an example.
EXAMPLE = "example"

Row = TypeVar("Row", bound=models.Model)


@cache
def read(name: str) -> Any:
    """Return the content of ``<name>.json``."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


class Plot:
    """One run over the examples: the vocabulary, the week, and what was written."""

    def __init__(self, run: Import, today: datetime.date) -> None:
        self.run = run
        self.monday = today - datetime.timedelta(days=today.weekday())
        self.written: defaultdict[str, list[int]] = defaultdict(list)
        self.touched_clusters: set[int] = set()

    @cached_property
    def clusters(self) -> dict[str, Cluster]:
        return {cluster.slug: cluster for cluster in Cluster.objects.all()}

    @cached_property
    def fields(self) -> dict[str, InnovationField]:
        return {field.code: field for field in InnovationField.objects.all()}

    @cached_property
    def districts(self) -> dict[str, District]:
        return {district.code: district for district in District.objects.all()}

    @cached_property
    def _terms(self) -> dict[str, Term]:
        # Sectors and stages have short codes of their own; they are never meant here.
        kinds = (TermKind.THEME, TermKind.SERVICE, TermKind.TECHNOLOGY)
        return {term.code: term for term in Term.objects.filter(kind__in=kinds)}

    @cached_property
    def stages(self) -> dict[str, Term]:
        return {term.code: term for term in Term.objects.filter(kind=TermKind.STAGE)}

    def terms(self, codes: Iterable[str]) -> list[Term]:
        return [self._terms[code] for code in codes]

    def day(self, offset: int) -> datetime.date:
        """Return the day ``offset`` days from this Monday."""
        return self.monday + datetime.timedelta(days=offset)

    def put(
        self,
        model: type[Row],
        key: str,
        record: Any,
        *,
        natural_key: Mapping[str, Any],
        values: Mapping[str, Any],
        links: Mapping[str, Iterable[models.Model]] | None = None,
    ) -> bool:
        """Write one example if it is new or says something new; tell whether it was written.

        ``links`` are the many-to-many fields.
        """
        kind = model._meta.label_lower

        def write(pk: int | None) -> Row:
            row = save_row(model, pk, natural_key=natural_key, **values)
            for name, others in (links or {}).items():
                getattr(row, name).set(list(others))
            return row

        written = self.run.put(kind, key, record, write)
        if written:
            self.written[kind].append(self.run.ids(kind)[key])
        return written
