"""Forms of the events app: shape and plain mistakes; rules of the domain are the verbs'."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import inlineformset_factory
from django.forms.utils import ErrorDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters.choices import ClusterKind
from clusters.models import Cluster, District, InnovationField
from events.audience import Audience, parse_addresses
from events.choices import Answer, DatePrecision, Decision, EventFormat, EventKind, SessionPart
from events.models import Event, Session
from topics.models import Topic

_MOMENT = "%Y-%m-%dT%H:%M"
_LARGEST_LIST = 50_000


def moment_field(label: Any, *, required: bool, help_text: Any = "") -> forms.DateTimeField:
    """Return a field for day and time with the browser's own picker."""
    return forms.DateTimeField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=_MOMENT),
        input_formats=[_MOMENT, "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M"],
        error_messages={
            "invalid": _("Please enter day and time, for instance 26.05.2027 14:00."),
            "required": _("Please enter day and time."),
        },
    )


def without_errors(form: forms.BaseForm) -> None:
    """Show a bound form with what was entered but without complaints: it is still being filled."""
    form._errors = ErrorDict()  # type: ignore[attr-defined]


def lines_of(text: str, longest: int) -> list[str]:
    """Return the lines with words in them, each at most ``longest`` characters long."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    lines = [line for line in lines if line]
    if any(len(line) > longest for line in lines):
        raise ValidationError(
            _("Please write at most %(count)d characters on each line."),
            params={"count": longest},
        )
    return lines


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


class AnswerForm(forms.Form):
    """Yes, maybe or no."""

    answer = forms.ChoiceField(
        label=_("Will you come?"),
        choices=[
            (Answer.YES, _("Yes, I will come")),
            (Answer.MAYBE, _("Maybe")),
            (Answer.NO, _("No, I cannot come")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose yes, maybe or no.")},
    )


class AudienceForm(forms.Form):
    """Who is to be invited."""

    innovation_fields = forms.MultipleChoiceField(
        label=_("Innovation fields"), required=False, widget=forms.CheckboxSelectMultiple
    )
    districts = forms.MultipleChoiceField(
        label=_("Districts"), required=False, widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds of cluster"),
        required=False,
        choices=ClusterKind,
        widget=forms.CheckboxSelectMultiple,
    )
    clusters = forms.MultipleChoiceField(
        label=_("Single clusters"),
        required=False,
        widget=forms.SelectMultiple({"size": 8}),
        help_text=_("Several: hold Ctrl (on a Mac Cmd) while you choose."),
    )
    people = forms.ChoiceField(
        label=_("Whom of these clusters?"),
        choices=[("managers", _("Their managers")), ("members", _("All their members"))],
        initial="managers",
        widget=forms.RadioSelect,
    )
    addresses = forms.CharField(
        label=_("Further addresses"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text=_("One a line or parted by commas, alone or as: Name &lt;address&gt;"),
    )
    language = forms.ChoiceField(
        label=_("Language for addresses without an account"),
        choices=[("de", _("German")), ("en", _("English"))],
        initial=get_language,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "innovation_fields": [
                (f.code, f.name) for f in InnovationField.objects.order_by("number")
            ],
            "districts": [(d.code, d.short_name) for d in District.objects.order_by("short_name")],
            "clusters": list(
                Cluster.objects.published().order_by("name").values_list("slug", "name")
            ),
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean_addresses(self) -> str:
        text = str(self.cleaned_data["addresses"])
        if text.count("\n") > _LARGEST_LIST:
            raise ValidationError(
                _("The list has more than %(count)d lines. Please send it in parts."),
                params={"count": _LARGEST_LIST},
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = ("innovation_fields", "districts", "kinds", "clusters")
        if not self.errors and not any(cleaned[name] for name in chosen):
            listed, malformed = parse_addresses(cleaned["addresses"], "de")
            if not listed and not malformed:
                raise ValidationError(
                    _("Nobody is chosen yet. Please tick clusters or enter addresses.")
                )
        return cleaned

    def audience(self) -> Audience:
        """Return the choice as the verb takes it."""
        data = self.cleaned_data
        return Audience(
            fields=tuple(data["innovation_fields"]),
            districts=tuple(data["districts"]),
            kinds=tuple(data["kinds"]),
            clusters=tuple(data["clusters"]),
            managers_only=data["people"] == "managers",
            addresses=data["addresses"],
            language=data["language"],
        )
