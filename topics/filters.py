"""The one filter of topics: pages and API read the same parameters."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from clusters.choices import TermKind
from clusters.models import InnovationField, Term
from core import search
from topics.choices import TopicStatus
from topics.models import Topic
from topics.querysets import STATUS_ORDER

if TYPE_CHECKING:
    from topics.querysets import TopicQuerySet

TERM_KINDS = (TermKind.TECHNOLOGY, TermKind.THEME, TermKind.SERVICE)


class TopicFilter(django_filters.FilterSet):
    """Narrows topics by where they stand and what they are about."""

    q = django_filters.CharFilter(
        label=_("Search words"),
        method="filter_words",
        widget=forms.TextInput(attrs={"type": "search", "maxlength": 200, "autocomplete": "off"}),
    )
    status = django_filters.MultipleChoiceFilter(
        label=_("State"),
        choices=[(status, TopicStatus(status).label) for status in STATUS_ORDER],
        distinct=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field = django_filters.ModelMultipleChoiceFilter(
        label=_("Innovation field"),
        to_field_name="code",
        queryset=InnovationField.objects.order_by("number"),
        method="filter_field",
        widget=forms.CheckboxSelectMultiple,
    )
    term = django_filters.ModelChoiceFilter(
        label=_("Technology or theme"),
        to_field_name="code",
        queryset=Term.objects.filter(kind__in=TERM_KINDS).order_by("label", "pk"),
        method="filter_term",
        empty_label=_("All"),
    )

    class Meta:
        model = Topic
        fields: tuple[str, ...] = ()

    def filter_words(self, topics: "TopicQuerySet", name: str, value: str) -> Any:
        return topics if self.match is None else topics.filter(self.match.condition)

    def filter_field(self, topics: "TopicQuerySet", name: str, value: Any) -> Any:
        through: Any = Topic.innovation_fields.through
        links = through.objects.filter(innovationfield__in=list(value))
        return topics.filter(pk__in=links.values("topic")) if value else topics

    def filter_term(self, topics: "TopicQuerySet", name: str, value: Term | None) -> Any:
        through: Any = Topic.terms.through
        links = through.objects.filter(term=value)
        return topics.filter(pk__in=links.values("topic")) if value else topics

    @cached_property
    def match(self) -> search.Match | None:
        """What the words ask for, decided on everything the person may see."""
        self.is_valid()
        query = self.form.cleaned_data.get("q", "")
        return search.match(self.queryset, query) if query else None
