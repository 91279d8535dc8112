"""Pairs of clusters that have never worked together, the most promising first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from psycopg import sql

from clusters.choices import ClusterActivity, ClusterStatus, CooperationKind
from clusters.models import Cluster, Cooperation, Project
from matching.choices import Audience
from matching.models import Round, Suggestion

# Both sides of a pair stand in tables, so the database makes the pairs, compares and cuts the page.
_PAIRS: Final = """
WITH scored AS (
  SELECT LEAST(cluster_id, partner_id) AS one, GREATEST(cluster_id, partner_id) AS other,
         MAX(score) AS score
  FROM {suggestion} WHERE round_id = %(round)s AND audience = %(audience)s GROUP BY 1, 2
), worked AS (
  SELECT first_id AS one, second_id AS other FROM {cooperation} WHERE kind = ANY(%(kinds)s)
  UNION
  SELECT a.cluster_id, b.cluster_id
  FROM {together} a JOIN {together} b ON a.project_id = b.project_id AND a.cluster_id < b.cluster_id
), able AS (
  SELECT id, district_id, core_fold(name) AS folded FROM {cluster}
  WHERE status = %(status)s AND activity = %(activity)s AND may_be_suggested
)
"""
_FROM: Final = """
FROM able a JOIN able b ON a.id < b.id
LEFT JOIN scored s ON s.one = a.id AND s.other = b.id
WHERE NOT EXISTS (SELECT 1 FROM worked w WHERE w.one = a.id AND w.other = b.id)
"""
_DISTRICT: Final = " AND %(district)s IN (a.district_id, b.district_id)"
_FIELD: Final = """ AND EXISTS (
  SELECT 1 FROM {fields} f WHERE f.cluster_id IN (a.id, b.id) AND f.innovationfield_id = %(field)s)
"""
_ACROSS: Final = """ AND NOT EXISTS (
  SELECT 1 FROM {fields} f JOIN {fields} g ON f.innovationfield_id = g.innovationfield_id
  WHERE f.cluster_id = a.id AND g.cluster_id = b.id)
"""
_ORDER: Final = """
ORDER BY s.score DESC NULLS LAST, LEAST(a.folded, b.folded), GREATEST(a.folded, b.folded),
  a.id, b.id
LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class UntriedPair:
    """Two clusters; ``score`` is None where neither stands on the list of the other."""

    one: Cluster
    other: Cluster
    score: float | None


class UntriedPairs:
    """All such pairs, cut by the database; fit for a Django paginator.

    ``field`` and ``district`` (primary keys) ask that at least one side belongs to them,
    ``across`` that both have no innovation field in common.
    """

    ordered = True

    def __init__(
        self,
        round_: Round | None,
        audience: Audience,
        *,
        field: int | None = None,
        district: int | None = None,
        across: bool = False,
    ) -> None:
        self._values: dict[str, Any] = {
            "round": round_.pk if round_ else 0,
            "audience": audience,
            "kinds": [CooperationKind.PROJECT, CooperationKind.PARTNERSHIP],
            "status": ClusterStatus.PUBLISHED,
            "activity": ClusterActivity.ACTIVE,
            "field": field,
            "district": district,
        }
        self._where = "".join(
            (
                _DISTRICT if district is not None else "",
                _FIELD if field is not None else "",
                _ACROSS if across else "",
            )
        )
        self._total: int | None = None

    def count(self) -> int:
        """How many pairs there are."""
        if self._total is None:
            with connection.cursor() as cursor:
                cursor.execute(self._statement("SELECT COUNT(*)"), self._values)
                self._total = int(cursor.fetchone()[0])
        return self._total

    __len__ = count

    def __getitem__(self, part: slice) -> list[UntriedPair]:
        limit = (part.stop or 0) - (part.start or 0)
        values = {**self._values, "limit": limit, "offset": part.start or 0}
        with connection.cursor() as cursor:
            cursor.execute(self._statement("SELECT a.id, b.id, s.score", _ORDER), values)
            return _load(cursor.fetchall())

    def _statement(self, select: str, order: str = "") -> Any:
        text = _PAIRS + select + _FROM + self._where + order
        return sql.SQL(text).format(
            suggestion=_table(Suggestion),
            cooperation=_table(Cooperation),
            together=_table(Project.clusters.through),
            cluster=_table(Cluster),
            fields=_table(Cluster.innovation_fields.through),
        )


def _table(model: Any) -> sql.Identifier:
    return sql.Identifier(model._meta.db_table)


def _load(rows: Sequence[tuple[int, int, float | None]]) -> list[UntriedPair]:
    ids = {pk for row in rows for pk in row[:2]}
    clusters = (
        Cluster.objects.select_related("district")
        .prefetch_related("innovation_fields")
        .in_bulk(list(ids))
    )
    return [UntriedPair(clusters[one], clusters[other], score) for one, other, score in rows]
