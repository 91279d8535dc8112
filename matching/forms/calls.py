"""What may be entered about a call for which a team is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from clusters.choices import ClusterKind, TermKind
from clusters.forms.profile import TermChoices
from clusters.models import Cluster, District, Term
from clusters.querysets import ClusterQuerySet
from matching.choices import IdeaLevel
from matching.models import ConsortiumCall
from matching.models.calls import IDEA_AT_MOST, SIZE_AT_MOST
from matching.services.consortia import CallValues, RoleWish

ROLES: Final = 4
KINDS: Final = (
    TermKind.TECHNOLOGY,
    TermKind.STAGE,
    TermKind.SECTOR,
    TermKind.SERVICE,
    TermKind.THEME,
    TermKind.ECOSYSTEM,
    TermKind.TARGET_GROUP,
)


class CallForm(forms.Form):
    """A call with its idea; ``values()`` is what the verb takes."""

    cluster: forms.ModelChoiceField[Cluster] = forms.ModelChoiceField(
        Cluster.objects.none(),
        label=gettext_lazy("Leading cluster"),
        help_text=gettext_lazy("It is in every team. Only its people and the office see the call."),
    )
    name = forms.CharField(label=gettext_lazy("Name of the call"), max_length=200)
    programme = forms.CharField(
        label=gettext_lazy("Funding programme"), max_length=200, required=False
    )
    link = forms.URLField(
        label=gettext_lazy("Link to the call"), required=False, assume_scheme="https"
    )
    deadline = forms.DateField(
        label=gettext_lazy("Deadline"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Afterwards the call moves to the ended ones."),
    )
    idea = forms.CharField(
        label=gettext_lazy("Your project idea"),
        required=False,
        max_length=IDEA_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy(
            "One paragraph is enough: what is to be done, for whom, with what? It is compared with"
            " profiles and offers. A half-baked idea is welcome: other clusters never see it."
        ),
    )
    idea_level = forms.ChoiceField(
        label=gettext_lazy("Who may read this call?"),
        choices=IdeaLevel,
        initial=IdeaLevel.MANAGERS,
        widget=forms.RadioSelect,
    )
    musts = TermChoices(
        label=gettext_lazy("Competences the team must have"),
        help_text=gettext_lazy("Each of them is covered by somebody, or named as missing."),
    )
    cans = TermChoices(
        label=gettext_lazy("Competences the team could have"),
        help_text=gettext_lazy("They decide between teams that have all the others."),
    )
    min_partners = forms.IntegerField(
        label=gettext_lazy("Smallest team"), min_value=1, max_value=SIZE_AT_MOST, initial=3
    )
    max_partners = forms.IntegerField(
        label=gettext_lazy("Largest team"),
        min_value=1,
        max_value=SIZE_AT_MOST,
        initial=6,
        help_text=gettext_lazy("The leading cluster counts."),
    )
    required_regions: forms.ModelMultipleChoiceField[District] = forms.ModelMultipleChoiceField(
        District.objects.all(),
        label=gettext_lazy("Regions that must be represented"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    wanted_regions: forms.ModelMultipleChoiceField[District] = forms.ModelMultipleChoiceField(
        District.objects.all(),
        label=gettext_lazy("Regions that would be welcome"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, user: User, clusters: ClusterQuerySet, is_new: bool, **kwargs: Any
    ) -> None:
        """``clusters`` are those the person may write a call for."""
        super().__init__(*args, **kwargs)
        self._terms = {term.pk: term for term in Term.objects.all()}
        by_kind: dict[str, list[tuple[int, str]]] = {}
        for term in self._terms.values():
            by_kind.setdefault(term.kind, []).append((term.pk, str(term)))
        choices = [(kind.label, by_kind[kind]) for kind in KINDS if kind in by_kind]
        for name in ("musts", "cans"):
            field: Any = self.fields[name]
            field.choices = choices
        self._add_roles(by_kind)
        if not is_new:
            del self.fields["cluster"]
            return
        field = self.fields["cluster"]
        field.queryset = clusters
        if user.is_staff:
            field.required = False
            field.empty_label = _("none: a call of the office")
        else:
            field.empty_label = None

    def _add_roles(self, by_kind: dict[str, list[tuple[int, str]]]) -> None:
        fillers = [
            ("", _("no role")),
            (
                _("Kind of organisation"),
                [(f"kind:{key}", label) for key, label in ClusterKind.choices],
            ),
            *(
                (kind.label, [(f"term:{pk}", label) for pk, label in by_kind[kind]])
                for kind in (TermKind.STAGE, TermKind.TARGET_GROUP, TermKind.SERVICE)
                if kind in by_kind
            ),
        ]
        for number in range(1, ROLES + 1):
            self.fields[f"role_{number}"] = forms.ChoiceField(
                label=_("Role %(number)d") % {"number": number}, choices=fillers, required=False
            )
            self.fields[f"count_{number}"] = forms.IntegerField(
                label=_("How many in role %(number)d") % {"number": number},
                min_value=1,
                max_value=SIZE_AT_MOST,
                required=False,
            )

    def roles(self) -> Iterator[tuple[BoundField, BoundField]]:
        """Yield the fields of each role: who fills it, and how many."""
        for number in range(1, ROLES + 1):
            yield self[f"role_{number}"], self[f"count_{number}"]

    @staticmethod
    def initial_of(call: ConsortiumCall) -> dict[str, Any]:
        """Return what the form shows of a call."""
        start: dict[str, Any] = {
            name: getattr(call, name)
            for name in (
                *("name", "programme", "link", "deadline", "idea", "idea_level"),
                *("min_partners", "max_partners"),
            )
        }
        competences = list(call.competences.values_list("term_id", "is_must"))
        start["musts"] = [pk for pk, is_must in competences if is_must]
        start["cans"] = [pk for pk, is_must in competences if not is_must]
        regions = list(call.regions.values_list("district_id", "is_required"))
        start["required_regions"] = [pk for pk, required in regions if required]
        start["wanted_regions"] = [pk for pk, required in regions if not required]
        for number, role in enumerate(call.roles.all()[:ROLES], start=1):
            start[f"role_{number}"] = f"kind:{role.kind}" if role.kind else f"term:{role.term_id}"
            start[f"count_{number}"] = role.count
        return start

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        small, large = data.get("min_partners"), data.get("max_partners")
        if small and large and small > large:
            self.add_error(
                "max_partners", _("The largest team must not be smaller than the smallest.")
            )
        if "musts" in data and not data["musts"]:
            self.add_error("musts", _("Please choose at least one competence the team must have."))
        deadline = data.get("deadline")
        if (
            deadline
            and deadline < timezone.localdate()
            and deadline != self.initial.get("deadline")
        ):
            self.add_error("deadline", _("Please choose a deadline that is still to come."))
        return data

    def values(self) -> CallValues:
        """Return what was entered."""
        data = self.cleaned_data
        regions = dict.fromkeys(data["wanted_regions"], False)
        regions |= dict.fromkeys(data["required_regions"], True)
        return CallValues(
            name=data["name"],
            programme=data["programme"],
            link=data["link"],
            deadline=data["deadline"],
            idea=data["idea"],
            idea_level=data["idea_level"],
            musts=[self._terms[pk] for pk in data["musts"]],
            cans=[self._terms[pk] for pk in data["cans"]],
            min_partners=data["min_partners"],
            max_partners=data["max_partners"],
            roles=self._role_wishes(),
            regions=regions,
        )

    def _role_wishes(self) -> list[RoleWish]:
        wishes = []
        for number in range(1, ROLES + 1):
            sort, _colon, key = self.cleaned_data[f"role_{number}"].partition(":")
            count = self.cleaned_data[f"count_{number}"] or 1
            if sort == "kind":
                wishes.append(RoleWish(count, kind=key))
            elif sort == "term":
                wishes.append(RoleWish(count, term=self._terms[int(key)]))
        return wishes
