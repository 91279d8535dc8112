"""The one filter of clusters: pages, API and CSV read the same parameters."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import django_filters
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from clusters.choices import ClusterKind, LabelLevel, TermKind
from clusters.models import Cluster, District, InnovationField, LabelAward, Need, Term
from core import search

if TYPE_CHECKING:
    from clusters.querysets import ClusterQuerySet

ANY_LABEL = "any"
SORTS = [
    ("relevance", _("best match")),
    ("name", _("name")),
    ("newest", _("newest first")),
]
FACETS = ("field", "district", "kind", "technology", "stage", "label", "open_needs")


class ClusterFilter(django_filters.FilterSet):
    """Words, facets and order. Values of one facet widen each other, facets narrow each other.

    Give it what the person may see (``Cluster.objects.visible_to(user)``) and the request, whose
    user decides which needs count as open.
    """

    q = django_filters.CharFilter(method="filter_words", label=_("Search words"))
    field = django_filters.ModelMultipleChoiceFilter(
        queryset=InnovationField.objects.all(),
        to_field_name="code",
        method="filter_field",
        label=_("Innovation field"),
    )
    district = django_filters.ModelMultipleChoiceFilter(
        queryset=District.objects.all(),
        to_field_name="code",
        method="filter_district",
        label=_("District"),
    )
    kind = django_filters.MultipleChoiceFilter(
        choices=ClusterKind.choices, method="filter_kind", label=_("Kind")
    )
    technology = django_filters.ModelMultipleChoiceFilter(
        queryset=Term.objects.filter(kind=TermKind.TECHNOLOGY),
        to_field_name="code",
        method="filter_term",
        label=_("Technology"),
    )
    stage = django_filters.ModelMultipleChoiceFilter(
        queryset=Term.objects.filter(kind=TermKind.STAGE),
        to_field_name="code",
        method="filter_term",
        label=_("Value-chain stage"),
    )
    label = django_filters.MultipleChoiceFilter(
        choices=[(ANY_LABEL, _("any label")), *LabelLevel.choices],
        method="filter_label",
        label=_("Cluster label"),
    )
    open_needs = django_filters.BooleanFilter(method="filter_open_needs", label=_("Needs"))
    sort = django_filters.ChoiceFilter(
        choices=SORTS, method="keep", label=_("Order"), empty_label=None
    )

    class Meta:
        model = Cluster
        fields: tuple[str, ...] = ()

    def filter_words(self, clusters: "ClusterQuerySet", name: str, value: str) -> Any:
        return clusters if self.match is None else clusters.filter(self.match.condition)

    def filter_field(self, clusters: "ClusterQuerySet", name: str, value: Any) -> Any:
        links = through("innovation_fields").filter(innovationfield__in=list(value))
        return clusters.filter(pk__in=links.values("cluster")) if value else clusters

    def filter_district(self, clusters: "ClusterQuerySet", name: str, value: Any) -> Any:
        return clusters.filter(district__in=list(value)) if value else clusters

    def filter_kind(self, clusters: "ClusterQuerySet", name: str, value: list[str]) -> Any:
        return clusters.filter(kind__in=value) if value else clusters

    def filter_term(self, clusters: "ClusterQuerySet", name: str, value: Any) -> Any:
        links = through("terms").filter(term__in=list(value))
        return clusters.filter(pk__in=links.values("cluster")) if value else clusters

    def filter_label(self, clusters: "ClusterQuerySet", name: str, value: list[str]) -> Any:
        if not value:
            return clusters
        labels = LabelAward.objects.valid()
        if ANY_LABEL not in value:
            labels = labels.filter(level__in=value)
        return clusters.filter(pk__in=labels.values("cluster"))

    def filter_open_needs(self, clusters: "ClusterQuerySet", name: str, value: bool | None) -> Any:
        return clusters.filter(pk__in=self.open_needs_clusters()) if value else clusters

    def keep(self, clusters: "ClusterQuerySet", name: str, value: object) -> Any:
        return clusters

    def open_needs_clusters(self) -> Any:
        """Clusters with a need that has not run out and that this person may read."""
        needs = Need.objects.current().visible_to(self.request.user)
        return needs.order_by().values("cluster")

    @cached_property
    def values(self) -> dict[str, Any]:
        """The valid values by name; what is not valid stands in ``errors`` and filters nothing."""
        self.is_valid()
        # A queryset nothing was chosen for costs more to ask than all the rest of the form.
        return {
            name: [] if isinstance(value, QuerySet) and value.query.is_empty() else value
            for name, value in self.form.cleaned_data.items()
        }

    @cached_property
    def match(self) -> search.Match | None:
        """What the words ask for, decided on everything the person may see."""
        query = self.values.get("q", "")
        return search.match(self.queryset, query) if query else None

    @cached_property
    def order(self) -> str:
        """The order in effect: best match where words were given, else by name."""
        chosen: str = self.values.get("sort", "")
        if self.values.get("q") and chosen in {"", "relevance"}:
            return "relevance"
        return chosen if chosen in {"name", "newest"} else "name"

    def filter_queryset(self, queryset: Any) -> Any:
        return self.ordered(self.filtered(queryset))

    def filtered(self, queryset: Any = None, *, without: str = "") -> Any:
        """Return what meets all filters except ``without``, in no order."""
        clusters = self.queryset if queryset is None else queryset
        for name, value in self.values.items():
            if value and name != without:
                clusters = self.filters[name].filter(clusters, value)
        return clusters.order_by()

    def ordered(self, clusters: Any) -> Any:
        """Put clusters in the order in effect; by relevance only the best ones stay."""
        if self.order == "newest":
            return clusters.order_by(F("published_at").desc(nulls_last=True), "pk")
        if self.order == "name" or self.match is None:
            return clusters.by_name()
        return in_order(clusters, search.rank(clusters, self.match).ids)


def through(name: str) -> Any:
    """The table between clusters and a vocabulary."""
    field: Any = Cluster._meta.get_field(name)
    return field.remote_field.through.objects


def in_order(clusters: Any, ids: list[int]) -> Any:
    """Return the rows ``ids`` of ``clusters`` in the order of that list."""
    place = Func(
        Value(ids, output_field=ArrayField(models.BigIntegerField())),
        F("pk"),
        function="array_position",
        output_field=models.IntegerField(),
    )
    return clusters.filter(pk__in=ids).order_by(place)
