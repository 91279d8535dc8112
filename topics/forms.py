"""What people say about topics."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clusters.choices import TermKind
from clusters.models import Cluster, InnovationField, Term
from topics.choices import Decision, Potential, TopicStatus
from topics.models import Endorsement, Topic
from topics.querysets import STATUS_ORDER
from topics.services import TEXTS

TERM_KINDS = (TermKind.TECHNOLOGY, TermKind.THEME)


def _text(label: Any, rows: int, language: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows, "lang": language}),
    )


class ClusterChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Whose word it is, among the clusters the person speaks for."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Cluster.objects.none(), label=_("Your cluster"), empty_label=None, **kwargs
        )


class ProposalForm(forms.Form):
    """A topic in one language or both."""

    cluster = ClusterChoice()
    title_de = forms.CharField(
        label=_("Title in German"),
        help_text=_("One language is enough. Readers of the other one are told so."),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"lang": "de"}),
    )
    summary_de = _text(
        _("Why it matters, in German"), 6, "de", _("Which problem, for whom, and why together?")
    )
    wanted_de = _text(_("What is needed from others, in German"), 3, "de")
    title_en = forms.CharField(
        label=_("Title in English"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en"}),
    )
    summary_en = _text(_("Why it matters, in English"), 6, "en")
    wanted_en = _text(_("What is needed from others, in English"), 3, "en")
    innovation_fields: Any = forms.ModelMultipleChoiceField(
        label=_("Innovation fields"),
        queryset=InnovationField.objects.order_by("number"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    terms = forms.TypedMultipleChoiceField(
        label=_("Technologies and themes"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, clusters: list[Cluster], topic: Topic | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = _start(topic, clusters)
        super().__init__(*args, **kwargs)
        cluster: Any = self.fields["cluster"]
        cluster.queryset = Cluster.objects.filter(pk__in=[one.pk for one in clusters])
        if len(clusters) == 1:
            cluster.widget = forms.HiddenInput()
        self._terms = {term.pk: term for term in Term.objects.filter(kind__in=TERM_KINDS)}
        terms: Any = self.fields["terms"]
        terms.choices = [
            (capfirst(kind.label), [(t.pk, str(t)) for t in self._terms.values() if t.kind == kind])
            for kind in TERM_KINDS
        ]

    def clean(self) -> dict[str, Any]:
        """One language must have title and reason; the other has both or nothing."""
        data = super().clean() or self.cleaned_data
        if not data.get("title_de") and not data.get("title_en"):
            self.add_error("title_de", _("Please write a title, at least in one language."))
        for language in ("de", "en"):
            title, summary = data.get(f"title_{language}"), data.get(f"summary_{language}")
            if title and not summary:
                self.add_error(
                    f"summary_{language}", _("Please write why it matters, or remove the title.")
                )
            elif not title and (summary or data.get(f"wanted_{language}")):
                self.add_error(f"title_{language}", _("Please write a title in this language."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what ``save_proposal`` takes."""
        data = self.cleaned_data
        return {
            "cluster": data["cluster"],
            "texts": {name: data[name] for name in TEXTS},
            "innovation_fields": data["innovation_fields"],
            "terms": [self._terms[pk] for pk in data["terms"]],
        }


def _start(topic: Topic | None, clusters: list[Cluster]) -> dict[str, Any]:
    if topic is None:
        return {"cluster": clusters[0].pk}
    return {
        **{name: getattr(topic, name) for name in TEXTS},
        "cluster": topic.proposed_by_id,
        "innovation_fields": list(topic.innovation_fields.all()),
        "terms": [term.pk for term in topic.terms.all()],
    }


class EndorsementForm(forms.Form):
    """A cluster's voice: how much it expects, and what it would bring."""

    cluster = ClusterChoice()
    short_term = forms.TypedChoiceField(
        label=_("Potential within a year"),
        choices=Potential.choices,
        coerce=int,
        initial=Potential.MEDIUM,
        widget=forms.RadioSelect,
    )
    mid_term = forms.TypedChoiceField(
        label=_("Potential within three to five years"),
        choices=Potential.choices,
        coerce=int,
        initial=Potential.MEDIUM,
        widget=forms.RadioSelect,
    )
    contribution = forms.CharField(
        label=_("What we would contribute"),
        help_text=_("For instance data, test sites, members who take part, a talk."),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_public = forms.BooleanField(
        label=_("Everybody may see our endorsement"),
        help_text=_("Otherwise only your cluster and NRW.innovativ see it; it is not counted."),
        required=False,
        initial=True,
    )

    def __init__(
        self,
        *args: Any,
        clusters: list[Cluster],
        endorsement: Endorsement | None = None,
        **kwargs: Any,
    ) -> None:
        names = ("short_term", "mid_term", "contribution", "is_public")
        start: dict[str, Any] = {"cluster": clusters[0].pk}
        if endorsement:
            start = {name: getattr(endorsement, name) for name in names}
            start["cluster"] = endorsement.cluster_id
        kwargs["initial"] = start
        super().__init__(*args, **kwargs)
        cluster: Any = self.fields["cluster"]
        cluster.queryset = Cluster.objects.filter(pk__in=[one.pk for one in clusters])
        if len(clusters) == 1:
            cluster.widget = forms.HiddenInput()


class DecisionForm(forms.Form):
    """What staff decides about a proposal."""

    decision = forms.ChoiceField(
        label=_("Decision"), choices=Decision.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Sent to the author; needed unless you accept."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("decision") not in {None, Decision.ACCEPT} and not data.get("reason"):
            self.add_error("reason", _("Please give a reason; it is sent to the author."))
        return data


class StatusForm(forms.Form):
    """Where a published topic stands."""

    status = forms.ChoiceField(
        label=_("State"),
        choices=[(status, TopicStatus(status).label) for status in STATUS_ORDER],
        widget=forms.RadioSelect,
    )
