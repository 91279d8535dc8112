"""Choosing whom to invite."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters.choices import ClusterKind, LabelLevel
from clusters.models import Cluster, District, InnovationField
from events.audience import (
    LARGEST_FILE,
    LARGEST_LIST,
    Audience,
    EventGroup,
    UnreadableListError,
    UploadedList,
    events_with_people,
    read_list,
)
from events.audience.entries import count_entries
from events.models import SavedAudience
from topics.models import Topic


def ticks(label: Any, choices: Any = (), help_text: Any = "") -> forms.MultipleChoiceField:
    """Return a list of checkboxes."""
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=choices,
        help_text=help_text,
        widget=forms.CheckboxSelectMultiple,
    )


class AudienceForm(forms.Form):
    """Who is to be invited. ``kept`` is the choice of this person that is changed."""

    innovation_fields = ticks(_("Innovation fields"))
    districts = ticks(_("Districts"))
    kinds = ticks(_("Kinds of cluster"), ClusterKind)
    labels = ticks(_("Labels that are valid today"), LabelLevel)
    endorsed = ticks(_("Clusters that endorse a topic"))
    clusters = ticks(_("Single clusters"))
    people = forms.ChoiceField(
        label=_("Whom of these clusters?"),
        choices=[("managers", _("Their managers")), ("members", _("All their members"))],
        initial="managers",
        widget=forms.RadioSelect,
    )
    followed = ticks(_("People who follow a topic"))
    event = forms.ChoiceField(label=_("Earlier event"), required=False)
    event_groups = ticks(_("Who of that event?"), EventGroup)
    addresses = forms.CharField(
        label=_("Addresses to paste"),
        required=False,
        strip=False,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text=_("One a line or parted by commas, alone or as: Name &lt;address&gt;"),
    )
    upload = forms.FileField(
        label=_("List as a file"),
        required=False,
        help_text=_(
            "CSV or XLSX, up to 5 MB and 50,000 rows, with or without a head; columns such as"
            " e-mail, name and language are recognised."
        ),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx"}),
    )
    drop_upload = forms.BooleanField(label=_("Leave this list out"), required=False)
    language = forms.ChoiceField(
        label=_("Language for addresses without an account"),
        choices=[("de", _("German")), ("en", _("English"))],
        initial=get_language,
    )

    def __init__(self, *args: Any, kept: Audience | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.list: UploadedList | None = kept.upload if kept else None
        topics = list(Topic.objects.published().order_by("title").values_list("slug", "title"))
        choices = {
            "innovation_fields": [
                (f.code, f.name) for f in InnovationField.objects.order_by("number")
            ],
            "districts": [(d.code, d.short_name) for d in District.objects.order_by("short_name")],
            "clusters": list(
                Cluster.objects.published().order_by("name").values_list("slug", "name")
            ),
            "endorsed": topics,
            "followed": topics,
            "event": [("", _("none")), *_events_with_people()],
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]

    def clean_addresses(self) -> str:
        text = str(self.cleaned_data["addresses"])
        if count_entries(text, LARGEST_LIST) > LARGEST_LIST:
            raise ValidationError(
                _("The list has more than %(count)d entries. Please send it in parts."),
                params={"count": LARGEST_LIST},
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("drop_upload"):
            self.list = None
        if cleaned.get("upload"):
            self._read(cleaned["upload"], cleaned.get("language") or "de")
        if cleaned.get("event") and not cleaned.get("event_groups"):
            self.add_error("event_groups", _("Please tick who of that event is meant."))
        elif cleaned.get("event_groups") and not cleaned.get("event"):
            self.add_error("event", _("Please choose the event these people belong to."))
        if not self.errors and self.audience().is_empty:
            raise ValidationError(
                _("Nobody is chosen yet. Please tick clusters, topics or an event, or add a list.")
            )
        return cleaned

    def _read(self, file: Any, language: str) -> None:
        try:
            content = file.read(LARGEST_FILE + 1)
            self.list = read_list(file.name or "", content, language)
        except UnreadableListError as error:
            self.add_error("upload", str(error))

    def audience(self) -> Audience:
        """Return the choice as the verb takes it."""
        data = self.cleaned_data
        return Audience(
            fields=tuple(data["innovation_fields"]),
            districts=tuple(data["districts"]),
            kinds=tuple(data["kinds"]),
            labels=tuple(data["labels"]),
            endorsed=tuple(data["endorsed"]),
            clusters=tuple(data["clusters"]),
            managers_only=data["people"] == "managers",
            followed=tuple(data["followed"]),
            event=data["event"],
            event_groups=tuple(data["event_groups"]),
            addresses=data["addresses"],
            upload=self.list,
            language=data["language"],
        )

    @staticmethod
    def values_of(audience: Audience) -> dict[str, Any]:
        """Return what the fields show for a choice made earlier."""
        return {
            "innovation_fields": audience.fields,
            "districts": audience.districts,
            "kinds": audience.kinds,
            "labels": audience.labels,
            "endorsed": audience.endorsed,
            "clusters": audience.clusters,
            "people": "managers" if audience.managers_only else "members",
            "followed": audience.followed,
            "event": audience.event,
            "event_groups": audience.event_groups,
            "addresses": audience.addresses,
            "language": audience.language,
        }


def _events_with_people() -> list[tuple[str, str]]:
    rows = events_with_people().values_list("slug", "title", "starts_at")[:200]
    return [(slug, f"{title} ({starts_at:%d.%m.%Y})") for slug, title, starts_at in rows]


class SaveAudienceForm(forms.Form):
    """A name for a choice, so that it can be used again."""

    name = forms.CharField(
        label=_("Name"),
        max_length=SavedAudience._meta.get_field("name").max_length,
        error_messages={"required": _("Please give the audience a name.")},
    )
    overwrite = forms.BooleanField(
        label=_("Replace an audience of this name"),
        required=False,
    )

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())
