"""One item of the minutes, and a document of an event."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from core.forms import DocumentUploadForm
from events.choices import AccessLevel, MinutesKind
from events.models import Event, MinutesItem, Session
from events.services import ItemValues
from topics.models import Topic


def _topics(event: Event) -> list[tuple[Any, Any]]:
    """Return the published topics for a choice, those of the event first."""
    topics: Any = event.topics
    own = dict(topics.published().order_by("title").values_list("pk", "title"))
    others = Topic.objects.published().exclude(pk__in=own).order_by("title")
    rest = list(others.values_list("pk", "title"))
    if not own:
        return [("", _("none")), *rest]
    groups: list[tuple[Any, Any]] = [("", _("none")), (_("Topics of this event"), [*own.items()])]
    return [*groups, (_("Other topics"), rest)] if rest else groups


class MinutesItemForm(forms.Form):
    """What somebody types while others talk: kind and text; all else keeps its last value."""

    kind = forms.ChoiceField(label=_("Kind"), choices=MinutesKind, initial=MinutesKind.NOTE)
    text = forms.CharField(
        label=_("Text"),
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Ctrl + Enter saves."),
        error_messages={"required": _("Please write what was said.")},
    )
    owner: Any = forms.ModelChoiceField(
        label=_("Who does it"),
        queryset=Cluster.objects.none(),
        required=False,
        empty_label=_("nobody yet"),
    )
    due_on = forms.DateField(
        label=_("Due on"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please enter a day, for instance 26.05.2027.")},
    )
    session: Any = forms.ModelChoiceField(
        label=_("Part of the programme"),
        queryset=Session.objects.none(),
        required=False,
        empty_label=_("the whole event"),
    )
    topic: Any = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.none(), required=False, empty_label=_("none")
    )
    level = forms.ChoiceField(
        label=_("Who may read it"), choices=AccessLevel, initial=AccessLevel.PARTICIPANTS
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, event: Event, for_staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = Cluster.objects.published().order_by("name")
        fields["session"].queryset = event.sessions.exclude(part="break")
        fields["topic"].queryset = Topic.objects.published()
        fields["topic"].choices = _topics(event)
        if not for_staff:
            fields["level"].choices = [
                choice for choice in AccessLevel.choices if choice[0] != AccessLevel.STAFF
            ]

    @classmethod
    def initial_of(cls, item: MinutesItem) -> dict[str, Any]:
        """Return what the form shows of a stored item."""
        return {
            "kind": item.kind,
            "text": item.text,
            "owner": item.owner_id,
            "due_on": item.due_on,
            "session": item.session_id,
            "topic": item.topic_id,
            "level": item.level,
            "version": item.version,
        }

    def values(self) -> ItemValues:
        """Return what was entered as the verbs take it."""
        data = self.cleaned_data
        return ItemValues(
            text=data["text"].strip(),
            kind=MinutesKind(data["kind"]),
            level=AccessLevel(data["level"]),
            session=data["session"],
            topic=data["topic"],
            owner=data["owner"],
            due_on=data["due_on"],
        )


class EventDocumentForm(DocumentUploadForm):
    """A file of an event or of one part of it."""

    session: Any = forms.ModelChoiceField(
        label=_("Part of the programme"),
        queryset=Session.objects.none(),
        required=False,
        empty_label=_("the whole event"),
    )
    level = forms.ChoiceField(
        label=_("Who may read it"),
        choices=AccessLevel,
        initial=AccessLevel.PARTICIPANTS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["session"]
        field.queryset = event.sessions.exclude(part="break")
