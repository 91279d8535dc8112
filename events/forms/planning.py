"""Planning an event and its programme; deciding about proposals."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster, District, InnovationField
from events.choices import (
    ChoiceMode,
    DatePrecision,
    Decision,
    EventFormat,
    EventKind,
    WaitingMode,
)
from events.forms.shared import LineField, lines_of, moment_field, text_field
from events.models import Event, EventSeries
from topics.models import Topic


class EventForm(forms.ModelForm):  # type: ignore[type-arg]
    """What staff says of an event; also the base of the form for proposals."""

    RELATIONS: ClassVar[tuple[str, ...]] = ("innovation_fields", "topics", "clusters")
    # Name, heading, fields; a group of which nothing is filled in is shown folded.
    GROUPS: ClassVar[tuple[tuple[str, Any, tuple[str, ...]], ...]] = (
        ("what", _("What"), ("title_de", "title_en", "summary_de", "summary_en", "kind")),
        ("when", _("When"), ("starts_at", "ends_at", "date_precision")),
        (
            "where",
            _("Where and online"),
            ("format", "venue", "city", "district", "online_url", "online_lead_hours"),
        ),
        (
            "part",
            _("Taking part"),
            (
                "capacity",
                "registration_closes_at",
                "choice_mode",
                "wishes_until",
                "approval_required",
                "cluster_quota",
                "waiting_mode",
                "offer_hours",
                "asks_expectations",
                "shows_participants",
                "survey_until",
                "retention_months",
            ),
        ),
        ("about", _("Organisers and series"), ("organisers", "website", "series")),
    )
    # Shown as long lists of boxes, folded, with a field that narrows them down.
    LISTS: ClassVar[tuple[str, ...]] = ("innovation_fields", "topics", "clusters")

    title_de = LineField(
        label=_("Title in German"),
        max_length=200,
        error_messages={"required": _("Please give the event a title in German.")},
    )
    title_en = LineField(label=_("Title in English"), max_length=200, required=False)
    summary_de = text_field(
        _("What it is about, in German"),
        help_text=_("What is it about, who should come, what do they take home?"),
    )
    summary_en = text_field(_("What it is about, in English"))
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
    city = LineField(label=_("City"), max_length=80, required=False)
    venue = LineField(label=_("Venue"), max_length=200, required=False)
    district: Any = forms.ModelChoiceField(
        label=_("District"),
        queryset=District.objects.order_by("short_name"),
        required=False,
        empty_label=_("not stated"),
    )
    online_url = forms.URLField(
        label=_("Link for taking part online"),
        required=False,
        assume_scheme="https",
        help_text=_("Shown to registered people only."),
    )
    online_lead_hours = forms.IntegerField(
        label=_("Show the link so many hours before the beginning"),
        required=False,
        min_value=0,
        max_value=2_000,
        help_text=_("Leave empty to show it as soon as somebody is registered."),
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    organisers = forms.CharField(
        label=_("Organisers"),
        widget=forms.Textarea({"rows": 3}),
        required=False,
        help_text=_("One a line."),
    )
    series: Any = forms.ModelChoiceField(
        label=_("Series"),
        queryset=EventSeries.objects.order_by("title", "pk"),
        required=False,
        empty_label=_("not part of a series"),
        help_text=_("“Repeat” on the page of an event makes a series of it."),
    )
    capacity = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=_("Leave empty when there is no limit. Later registrations wait for a place."),
    )
    registration_closes_at = moment_field(
        _("Registration closes"),
        required=False,
        help_text=_("Leave empty to keep it open until the event is over."),
    )
    approval_required = forms.BooleanField(
        label=_("The office approves each registration"), required=False
    )
    cluster_quota = forms.IntegerField(
        label=_("At most so many people of one cluster"),
        required=False,
        min_value=1,
        max_value=10_000,
    )
    waiting_mode = forms.ChoiceField(
        label=_("Who passes on free places?"),
        choices=WaitingMode,
        initial=WaitingMode.AUTOMATIC,
        required=False,
    )
    offer_hours = forms.IntegerField(
        label=_("An offered place is kept for so many hours"),
        required=False,
        min_value=0,
        max_value=720,
        initial=24,
        help_text=_("0: the next on the waiting list gets the place without being asked."),
    )
    choice_mode = forms.ChoiceField(
        label=_("How do people come into the parallel workshops?"),
        choices=ChoiceMode,
        initial=ChoiceMode.NONE,
        required=False,
    )
    wishes_until = moment_field(
        _("Wishes are taken until"),
        required=False,
        help_text=_("For ranked wishes only. Leave empty to take them until registration closes."),
    )
    asks_expectations = forms.BooleanField(
        label=_("Ask beforehand what people expect"), required=False, initial=True
    )
    shows_participants = forms.BooleanField(
        label=_("Participants see who agreed to be listed"), required=False, initial=True
    )
    survey_until = moment_field(_("The survey can be answered until"), required=False)
    retention_months = forms.IntegerField(
        label=_("Remove personal data so many months after the event"),
        required=False,
        min_value=1,
        max_value=120,
        initial=12,
        help_text=_("Announced on the form for registering."),
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
        widget=forms.CheckboxSelectMultiple,
    )
    clusters = forms.ModelMultipleChoiceField(
        label=_("Clusters taking part"),
        queryset=Cluster.objects.published().order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    # The state the person read; see ``services.version_of``. Empty in forms of programs.
    version = forms.CharField(required=False, widget=forms.HiddenInput)

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
            "district",
            "online_url",
            "online_lead_hours",
            "website",
            "organisers",
            "series",
            "capacity",
            "registration_closes_at",
            "approval_required",
            "cluster_quota",
            "waiting_mode",
            "offer_hours",
            "choice_mode",
            "wishes_until",
            "asks_expectations",
            "shows_participants",
            "survey_until",
            "retention_months",
            "innovation_fields",
            "topics",
            "clusters",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["organisers"] = "\n".join(self.instance.organisers)
        self.initial["version"] = self.instance.updated_at and self.instance.updated_at.isoformat()
        if self.instance.pk is None:
            self.initial["format"] = EventFormat.ON_SITE

    def groups(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """Return the groups of the form that have fields."""
        found = []
        for name, heading, names in self.GROUPS:
            fields = [self[field] for field in names if field in self.fields]
            if fields:
                found.append((name, heading, fields))
        return found

    def lists(self) -> list[tuple[forms.BoundField, int]]:
        """Return the long lists, each with the number of ticks."""
        bound = [self[name] for name in self.LISTS if name in self.fields]
        return [(field, len(field.value() or ())) for field in bound]

    def clean_organisers(self) -> list[str]:
        return lines_of(self.cleaned_data["organisers"], 200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("waiting_mode", "offer_hours", "choice_mode", "retention_months"):
            if name in self.fields and name not in self.errors and cleaned.get(name) in (None, ""):
                cleaned[name] = getattr(self.instance, name)
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end < start:
            self.add_error(
                "ends_at", _("The event ends before it begins. Please check both dates.")
            )
        last = end or start
        for name in ("registration_closes_at", "wishes_until"):
            moment = cleaned.get(name)
            if moment and last and moment > last and name not in self.errors:
                self.add_error(name, _("This is after the event. Please choose an earlier time."))
        survey = cleaned.get("survey_until")
        if survey and start and survey < start:
            self.add_error("survey_until", _("The survey cannot end before the event begins."))
        return cleaned

    def relations(self) -> dict[str, QuerySet[Model]]:
        """Return the chosen rows of each many-to-many field."""
        return {name: self.cleaned_data[name] for name in self.RELATIONS if name in self.fields}


class ProposalForm(EventForm):
    """What a manager says of an event they propose."""

    RELATIONS: ClassVar[tuple[str, ...]] = ("innovation_fields", "topics")
    ASKED: ClassVar[tuple[str, ...]] = (
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
        "innovation_fields",
        "topics",
    )

    cluster: Any = forms.ModelChoiceField(
        label=_("In the name of"), queryset=Cluster.objects.none(), empty_label=None
    )

    class Meta(EventForm.Meta):
        pass

    def __init__(self, *args: Any, clusters: QuerySet[Cluster], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {*self.ASKED, "cluster", "version"}:
            del self.fields[name]
        field = self.fields["cluster"]
        field.queryset = clusters  # type: ignore[attr-defined]
        self.order_fields(["cluster", *self.ASKED])

    def groups(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """Return the groups of the form, the first one with the name of the cluster."""
        (name, heading, fields), *others = super().groups()
        return [(name, heading, [self["cluster"], *fields]), *others]


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
