"""Asking for an introduction, answering it, proposing dates, saying what came of it."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from events.forms.shared import LineField, moment_field
from matching.choices import IntroductionOrigin, IntroductionState, OutcomeKind
from matching.services.introductions import LONGEST_MESSAGE

ANSWERS = [
    ("agree", _("Agree: we would like to talk")),
    ("decline", _("Decline")),
    ("more_time", _("We need two weeks more")),
]


# What hardly anybody wants to say comes last.
OUTCOMES = [
    (kind.value, kind.label)
    for kind in (
        *(kind for kind in OutcomeKind if kind != OutcomeKind.NOTHING),
        OutcomeKind.NOTHING,
    )
]


class AskForm(forms.Form):
    """Why, and what to talk about."""

    message = forms.CharField(
        label=_("Why would you like to talk, and about what?"),
        min_length=20,
        max_length=LONGEST_MESSAGE,
        help_text=_("Two or three sentences are enough. The other side reads them word by word."),
        widget=forms.Textarea({"rows": 6}),
        error_messages={
            "required": _("Please write why you would like to talk; it decides about the answer."),
            "min_length": _("Please write a little more: what would you like to talk about?"),
        },
    )


class ReplyForm(forms.Form):
    """An answer to a request."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose an answer.")},
    )
    words = forms.CharField(
        label=_("A few words"),
        required=False,
        max_length=LONGEST_MESSAGE,
        help_text=_(
            "If you agree, the other side reads them. If you decline, only the staff of"
            " NRW.innovativ does."
        ),
        widget=forms.Textarea({"rows": 3}),
    )


class OutcomeForm(forms.Form):
    """What came of it."""

    kind = forms.ChoiceField(
        label=_("What has come of it so far?"),
        choices=OUTCOMES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what has come of it.")},
    )
    note = LineField(
        label=_("In a sentence"),
        required=False,
        max_length=300,
        help_text=_("Both sides and the staff of NRW.innovativ can read it."),
    )
    show_on_profiles = forms.BooleanField(
        label=_("Show the cooperation on both public profiles"),
        required=False,
        help_text=_("Only if both sides agree. It counts for cooperations and projects."),
    )


class DatesForm(forms.Form):
    """Up to three dates for the talk."""

    first = moment_field(_("First date"), required=True)
    second = moment_field(_("Second date"), required=False)
    third = moment_field(_("Third date"), required=False)
    minutes = forms.IntegerField(
        label=_("Length in minutes"), min_value=10, max_value=480, initial=30
    )
    place = LineField(
        label=_("Place or link"),
        required=False,
        max_length=200,
        help_text=_("A room or the address of a video conference."),
    )

    def starts(self) -> list[datetime]:
        """Return the dates that were entered."""
        entered = (self.cleaned_data.get(name) for name in ("first", "second", "third"))
        return [moment for moment in entered if moment]

    def values(self) -> dict[str, Any]:
        """Return what the verbs take."""
        data = self.cleaned_data
        return {
            "starts": self.starts(),
            "minutes": data.get("minutes") or 30,
            "place": data.get("place", ""),
        }


class JointMailForm(DatesForm):
    """The words to both sides, with dates where staff proposes some."""

    text_de = forms.CharField(
        label=_("Text in German"), max_length=4000, widget=forms.Textarea({"rows": 8, "lang": "de"})
    )
    text_en = forms.CharField(
        label=_("Text in English"),
        max_length=4000,
        widget=forms.Textarea({"rows": 8, "lang": "en"}),
    )
    field_order = ("text_de", "text_en", "first", "second", "third", "minutes", "place")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["first"].required = False
        self.fields["minutes"].required = False

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**super().values(), "text_de": data["text_de"], "text_en": data["text_en"]}


class ClusterField(forms.CharField):
    """A cluster by its name or the last part of its address."""

    def clean(self, value: Any) -> Any:
        words = " ".join(str(super().clean(value)).split())
        known = Cluster.objects.suggestible()
        found = list(known.filter(Q(name__iexact=words) | Q(slug=words))[:2])
        if len(found) == 1:
            return found[0]
        like = list(known.filter(name__icontains=words).by_name()[:5])
        if len(like) == 1:
            return like[0]
        if like:
            raise ValidationError(
                _("Several clusters fit: %(names)s. Please write the whole name."),
                params={"names": ", ".join(cluster.name for cluster in like)},
            )
        raise ValidationError(_("No cluster of that name takes part in introductions."))


class ProposeForm(AskForm):
    """Two clusters the moderator would like to bring together."""

    one = ClusterField(label=_("First cluster"), max_length=200)
    other = ClusterField(label=_("Second cluster"), max_length=200)
    field_order = ("one", "other", "message")


class IntroductionFilterForm(forms.Form):
    """Which introductions staff wants to see."""

    AGES = (
        ("", _("any time")),
        ("7", _("in the last 7 days")),
        ("30", _("in the last 30 days")),
        ("older", _("more than 30 days ago")),
    )

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *IntroductionState.choices],
    )
    origin = forms.ChoiceField(
        label=_("Origin"), required=False, choices=[("", _("all")), *IntroductionOrigin.choices]
    )
    age = forms.ChoiceField(label=_("Asked"), required=False, choices=AGES)
    cluster = forms.CharField(label=_("Name of the cluster"), required=False, max_length=200)
