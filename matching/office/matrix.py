"""Innovation fields × stages of the value chain: who works where, and where nobody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from clusters.choices import TermKind
from clusters.models import Cluster, InnovationField, Term


@dataclass(frozen=True, slots=True)
class Cell:
    """How many clusters work in a field at a stage; ``url`` lists them in the directory."""

    number: int
    url: str
    share: float
    """Of the largest cell, in [0,1]."""

    @property
    def is_hole(self) -> bool:
        return self.number == 0


@dataclass(frozen=True, slots=True)
class Row:
    field: InnovationField
    cells: Sequence[Cell]
    total: int
    """Clusters of the field, wherever they stand in the value chain."""
    url: str
    without_stage: int


@dataclass(frozen=True, slots=True)
class Matrix:
    stages: Sequence[Term]
    rows: Sequence[Row]
    stage_totals: Sequence[Cell]
    without_field: int
    clusters: int
    holes: Sequence[tuple[InnovationField, Term]]


def build_matrix() -> Matrix:
    """Count published clusters, in six queries whatever there is; a cluster may stand in many."""
    published = Cluster.objects.published().order_by()
    stages = list(Term.objects.filter(kind=TermKind.STAGE).order_by("position", "code"))
    fields = list(InnovationField.objects.order_by("number"))
    staged = published.filter(terms__kind=TermKind.STAGE)
    counts = {
        (field, stage): number
        for field, stage, number in staged.values("innovation_fields", "terms")
        .annotate(number=Count("pk", distinct=True))
        .values_list("innovation_fields", "terms", "number")
    }
    of_field = dict(published.values_list("innovation_fields").annotate(Count("pk", distinct=True)))
    with_stage = dict(staged.values_list("innovation_fields").annotate(Count("pk", distinct=True)))
    of_stage = dict(staged.values_list("terms").annotate(Count("pk", distinct=True)))
    most = max((counts.get((f.pk, s.pk), 0) for f in fields for s in stages), default=0)

    def cell(number: int, top: int, **query: str) -> Cell:
        return Cell(number, _directory(**query), number / top if top else 0.0)

    return Matrix(
        stages=stages,
        rows=[
            Row(
                field,
                [
                    cell(counts.get((field.pk, s.pk), 0), most, field=field.code, stage=s.code)
                    for s in stages
                ],
                of_field.get(field.pk, 0),
                _directory(field=field.code),
                of_field.get(field.pk, 0) - with_stage.get(field.pk, 0),
            )
            for field in fields
        ],
        stage_totals=[
            cell(of_stage.get(s.pk, 0), max(of_stage.values(), default=0), stage=s.code)
            for s in stages
        ],
        without_field=of_field.get(None, 0),
        clusters=published.count(),
        holes=[(f, s) for f in fields for s in stages if not counts.get((f.pk, s.pk))],
    )


def _directory(**query: str) -> str:
    return f"{reverse('clusters:cluster-list')}?{urlencode(query)}"
