"""The filters of needs, offers and terms: pages and API read the same parameters."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from clusters.choices import TermKind
from clusters.models import Term
from core import search


class StatementFilter(django_filters.FilterSet):
    """Narrows needs or offers by words, cluster, term and value-chain stage.

    A cluster nobody may see is no choice: naming it finds nothing, as if it did not exist.
    """

    q = django_filters.CharFilter(method="filter_words", label=_("Search words"))
    cluster = django_filters.CharFilter(field_name="cluster__slug", label=_("Cluster"))
    term = django_filters.ModelMultipleChoiceFilter(
        queryset=Term.objects.exclude(kind=TermKind.STAGE),
        to_field_name="code",
        method="filter_term",
        label=_("Term"),
    )
    stage = django_filters.ModelMultipleChoiceFilter(
        queryset=Term.objects.filter(kind=TermKind.STAGE),
        to_field_name="code",
        method="filter_stage",
        label=_("Value-chain stage"),
    )

    def filter_words(self, statements: Any, name: str, value: str) -> Any:
        found = search.match(statements, value)
        return statements if found is None else statements.filter(found.condition)

    def filter_term(self, statements: Any, name: str, value: list[Term]) -> Any:
        if not value:
            return statements
        links = statements.model.terms.through.objects.filter(term__in=list(value))
        owner = statements.model._meta.model_name
        return statements.filter(pk__in=links.values(owner))

    def filter_stage(self, statements: Any, name: str, value: list[Term]) -> Any:
        return statements.filter(stage__in=list(value)) if value else statements


class TermFilter(django_filters.FilterSet):
    """Narrows the vocabulary by kind and cross-cutting."""

    kind = django_filters.MultipleChoiceFilter(choices=TermKind, label=_("Kind"))
    is_cross_cutting = django_filters.BooleanFilter(label=_("Cross-cutting technology"))

    class Meta:
        model = Term
        fields = ("kind", "is_cross_cutting")
