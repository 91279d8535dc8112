"""What staff may choose on the pages about rounds, pairs and exposure."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster, District, InnovationField
from matching.choices import Audience, ListKind
from matching.models import Round

AUDIENCES = [
    (Audience.CLUSTERS, _("lists clusters read")),
    (Audience.STAFF, _("lists of staff (with confidential entries)")),
]


def _audience_field() -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Lists"), choices=AUDIENCES, required=False)


class _QueryForm(forms.Form):
    """A form of the address: what is missing or wrong falls back to the default."""

    @property
    def audience(self) -> Audience:
        """Whose lists are looked at; those clusters read where nothing was chosen."""
        self.is_valid()
        return Audience(self.cleaned_data.get("audience") or Audience.CLUSTERS)

    def chosen(self, name: str) -> Any:
        """The valid value of a field, or None."""
        self.is_valid()
        return self.cleaned_data.get(name) or None


class ExposureForm(_QueryForm):
    """Whose lists, and whether only those on none."""

    only_never = forms.BooleanField(label=_("Only those on no list"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = {"audience": _audience_field(), **self.fields}


class UntriedForm(_QueryForm):
    """Which pairs to show."""

    field: Any = forms.ModelChoiceField(
        InnovationField.objects.order_by("number"),
        to_field_name="code",
        label=_("Innovation field of one of the two"),
        required=False,
        empty_label=_("any"),
    )
    district: Any = forms.ModelChoiceField(
        District.objects.all(),
        to_field_name="code",
        label=_("District of one of the two"),
        required=False,
        empty_label=_("any"),
    )
    across = forms.BooleanField(label=_("Only without a common field"), required=False)


class _RoundField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        when = date_format(timezone.localtime(obj.completed_at), "SHORT_DATETIME_FORMAT")
        return str(
            _("%(when)s, weights version %(version)d, round %(round)d")
            % {"when": when, "version": obj.weights.version, "round": obj.pk}
        )


class CompareForm(_QueryForm):
    """Two complete rounds, and which of their lists."""

    kind = forms.ChoiceField(label=_("Kind of list"), choices=ListKind.choices, required=False)

    def __init__(self, *args: Any, rounds: QuerySet[Round], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = {
            "before": _RoundField(rounds, label=_("Earlier round"), empty_label=None),
            "after": _RoundField(rounds, label=_("Later round"), empty_label=None),
            "audience": _audience_field(),
            **self.fields,
        }

    @property
    def list_kind(self) -> ListKind:
        self.is_valid()
        return ListKind(self.cleaned_data.get("kind") or ListKind.NEW)


class PairForm(forms.Form):
    """Two clusters, and with whose knowledge they are compared."""

    one: Any = forms.ModelChoiceField(
        Cluster.objects.none(), to_field_name="slug", label=_("For this cluster")
    )
    other: Any = forms.ModelChoiceField(
        Cluster.objects.none(), to_field_name="slug", label=_("this partner")
    )
    audience = forms.ChoiceField(
        label=_("Computed from"),
        choices=[
            (Audience.CLUSTERS, _("what clusters may know")),
            (Audience.STAFF, _("everything, confidential entries too")),
        ],
        initial=Audience.CLUSTERS,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("one", "other"):
            field: Any = self.fields[name]
            field.queryset = Cluster.objects.published().by_name().only("pk", "slug", "name")
            field.empty_label = _("please choose")
