"""What suggestions can be narrowed by."""

import django_filters
from django.utils.translation import gettext_lazy as _

from matching.choices import ListKind
from matching.models import Suggestion


class SuggestionFilter(django_filters.FilterSet):
    """One cluster's lists, or one kind of list."""

    cluster = django_filters.CharFilter(field_name="cluster__slug", label=_("Cluster"))
    kind = django_filters.ChoiceFilter(choices=ListKind.choices, label=_("List"))

    class Meta:
        model = Suggestion
        fields = ("cluster", "kind")
