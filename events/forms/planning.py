"""Planning an event and its programme; deciding about proposals."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster, InnovationField
from events.choices import DatePrecision, Decision, EventFormat, EventKind, SessionPart
from events.forms.shared import lines_of, moment_field
from events.models import Event, Session
from topics.models import Topic


class EventForm(forms.ModelForm):  # type: ignore[type-arg]
    """What staff says of an event; also the base of the form for proposals."""

    RELATIONS: ClassVar[tuple[str, ...]] = ("innovation_fields", "topics", "clusters")

    title_de = forms.CharField(
        label=_("Title in German"),
        max_length=200,
        error_messages={"required": _("Please give the event a title in German.")},
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    summary_de = forms.CharField(
        label=_("What it is about, in German"),
        widget=forms.Textarea({"rows": 5}),
        required=False,
        help_text=_("What is it about, who should come, what do they take home?"),
    )
    summary_en = forms.CharField(
        label=_("What it is about, in English"), widget=forms.Textarea({"rows": 5}), required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=EventKind)
    format = forms.ChoiceField(label=_("Format"), choices=EventFormat, initial=EventFormat.ON_SITE)
    starts_at = moment_field(_("Begins"), required=True)
    ends_at = moment_field(_("Ends"), required=False)
    date_precision = forms.ChoiceField(
        label=_("How exactly is the date known?"),
        choices=DatePrecision,
        initial=DatePrecision.TIME,
        help_text=_("Pages show no more than this: with “month known” the day stays hidden."),
    )
    city = forms.CharField(label=_("City"), max_length=80, required=False)
    venue = forms.CharField(label=_("Venue"), max_length=200, required=False)
    online_url = forms.URLField(
        label=_("Link for taking part online"),
        required=False,
        assume_scheme="https",
        help_text=_("Shown to registered people only."),
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    organisers = forms.CharField(
        label=_("Organisers"),
        widget=forms.Textarea({"rows": 3}),
        required=False,
        help_text=_("One a line."),
    )
    capacity = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Leave empty when there is no limit. Later registrations wait for a place."),
    )
    innovation_fields: Any = forms.ModelMultipleChoiceField(
        label=_("Innovation fields"),
        queryset=InnovationField.objects.order_by("number"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    topics = forms.ModelMultipleChoiceField(
        label=_("Topics"),
        queryset=Topic.objects.published().order_by("title"),
        required=False,
        widget=forms.SelectMultiple({"size": 6}),
        help_text=_("Several: hold Ctrl (on a Mac Cmd) while you choose."),
    )
    clusters = forms.ModelMultipleChoiceField(
        label=_("Clusters taking part"),
        queryset=Cluster.objects.published().order_by("name"),
        required=False,
        widget=forms.SelectMultiple({"size": 6}),
        help_text=_("Several: hold Ctrl (on a Mac Cmd) while you choose."),
    )

    class Meta:
        model = Event
        fields: ClassVar[tuple[str, ...]] = (
            "title_de",
            "title_en",
            "summary_de",
            "summary_en",
            "kind",
            "format",
            "starts_at",
            "ends_at",
            "date_precision",
            "city",
            "venue",
            "online_url",
            "website",
            "organisers",
            "capacity",
            "innovation_fields",
            "topics",
            "clusters",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["organisers"] = "\n".join(self.instance.organisers)
        if self.instance.pk is None:
            self.initial["format"] = EventFormat.ON_SITE

    def clean_organisers(self) -> list[str]:
        return lines_of(self.cleaned_data["organisers"], 200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end < start:
            self.add_error(
                "ends_at", _("The event ends before it begins. Please check both dates.")
            )
        return cleaned

    def relations(self) -> dict[str, QuerySet[Model]]:
        """Return the chosen rows of each many-to-many field."""
        return {name: self.cleaned_data[name] for name in self.RELATIONS if name in self.fields}


class ProposalForm(EventForm):
    """What a manager says of an event they propose."""

    RELATIONS: ClassVar[tuple[str, ...]] = ("innovation_fields", "topics")

    cluster: Any = forms.ModelChoiceField(
        label=_("In the name of"), queryset=Cluster.objects.none(), empty_label=None
    )

    class Meta(EventForm.Meta):
        fields: ClassVar[tuple[str, ...]] = tuple(
            name for name in EventForm.Meta.fields if name not in {"clusters", "capacity"}
        )

    def __init__(self, *args: Any, clusters: QuerySet[Cluster], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("clusters", "capacity"):
            del self.fields[name]
        field = self.fields["cluster"]
        field.queryset = clusters  # type: ignore[attr-defined]
        self.order_fields(["cluster", *self.Meta.fields])


class SessionForm(forms.ModelForm):  # type: ignore[type-arg]
    """One part of the programme."""

    part = forms.ChoiceField(label=_("Part"), choices=SessionPart)
    title_de = forms.CharField(
        label=_("Title in German"),
        max_length=200,
        error_messages={"required": _("Please give this part a title, or remove it.")},
    )
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    starts_at = moment_field(_("Begins"), required=False)
    ends_at = moment_field(_("Ends"), required=False)
    run = forms.IntegerField(
        label=_("Run"),
        required=False,
        min_value=1,
        max_value=99,
        help_text=_("Parallel workshops with the same number take place side by side."),
    )
    track = forms.IntegerField(label=_("Column"), required=False, min_value=1, max_value=99)
    moderator = forms.CharField(label=_("Moderation"), max_length=200, required=False)
    speaker = forms.CharField(label=_("Speaker"), max_length=200, required=False)
    room = forms.CharField(label=_("Room"), max_length=120, required=False)
    position = forms.IntegerField(
        label=_("Position in the programme"), min_value=0, max_value=9999, required=False
    )

    class Meta:
        model = Session
        fields = (
            "part",
            "title_de",
            "title_en",
            "starts_at",
            "ends_at",
            "run",
            "track",
            "moderator",
            "speaker",
            "room",
            "position",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end < start:
            self.add_error("ends_at", _("This part ends before it begins."))
        if cleaned.get("position") is None:
            cleaned["position"] = self.instance.position or 0
        return cleaned


SessionFormSet = inlineformset_factory(
    Event, Session, form=SessionForm, extra=0, can_delete=True, max_num=200
)


class DecisionForm(forms.Form):
    """What staff decides about a proposal."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=Decision,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what is to happen with the proposal.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Needed unless you accept. It is mailed to the person who proposed the event."),
    )


class CancelForm(forms.Form):
    """Why an event does not take place."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Shown on the event's page and in the mail to those who wanted to come."),
        error_messages={"required": _("Please say why. The reason is shown on the page.")},
    )
