"""What may be entered about 1:1 meetings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from events.forms.shared import moment_field
from matching.choices import Usefulness, Wish
from matching.meetings.board import Board
from matching.meetings.suggesting import Partner
from matching.meetings.words import name_of, slot_time
from matching.models import Meeting, MeetingFeedback, MeetingParticipant, MeetingPlan
from matching.models.meetings import MOST_SLOTS, MOST_TABLES


class MeetingPlanForm(forms.Form):
    """Times, tables and rules of the meetings of an event."""

    starts_at = moment_field(gettext_lazy("First meeting begins"), required=True)
    slots = forms.IntegerField(
        label=gettext_lazy("Rounds of meetings"), min_value=1, max_value=MOST_SLOTS
    )
    slot_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes of a meeting"), min_value=5, max_value=120
    )
    pause_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes between two meetings"), min_value=0, max_value=120
    )
    tables = forms.IntegerField(
        label=gettext_lazy("Tables"),
        min_value=1,
        max_value=MOST_TABLES,
        help_text=gettext_lazy(
            "How many meetings take place at the same time. One or two spare tables help on the"
            " day."
        ),
    )
    minimum = forms.IntegerField(
        label=gettext_lazy("Meetings everybody should have at least"),
        min_value=0,
        max_value=MOST_SLOTS,
        help_text=gettext_lazy("This comes before all wishes, as far as it is possible."),
    )
    place = forms.CharField(
        label=gettext_lazy("Where the tables are"), max_length=200, required=False
    )
    wishes_until = moment_field(
        gettext_lazy("Wishes until"),
        required=False,
        help_text=gettext_lazy("Empty: until the first meeting begins."),
    )

    @staticmethod
    def initial_of(plan: MeetingPlan) -> dict[str, Any]:
        """Return what the form shows of a plan."""
        return {name: getattr(plan, name) for name in MeetingPlanForm.base_fields}


class JoinForm(forms.Form):
    """Who one is, in a sentence, and in which rounds one is there."""

    introduction = forms.CharField(
        label=gettext_lazy("What I bring and what I look for"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("One or two sentences; everybody who takes part reads them."),
    )
    there = forms.TypedMultipleChoiceField(
        label=gettext_lazy("I am there"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, plan: MeetingPlan, me: MeetingParticipant | None, **kwargs: Any
    ) -> None:
        away = set(me.away) if me else set()
        kwargs["initial"] = {
            "introduction": me.introduction if me else "",
            "there": [slot for slot in range(plan.slots) if slot not in away],
        }
        super().__init__(*args, **kwargs)
        self.fields["there"].choices = [  # type: ignore[attr-defined]
            (slot, slot_time(plan, slot)) for slot in range(plan.slots)
        ]


class MarksForm(forms.Form):
    """One mark for each person on the page: want, open, no, or nothing."""

    def __init__(self, *args: Any, partners: Sequence[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.partners = partners
        choices = [*Wish.choices, ("", _("no mark"))]
        for partner in partners:
            self.fields[f"mark_{partner.pk}"] = forms.ChoiceField(
                label=partner.name,
                choices=choices,
                required=False,
                widget=forms.RadioSelect,
                initial=partner.wish,
            )

    def rows(self) -> list[tuple[Partner, Any]]:
        """Return each person with their field."""
        return [(partner, self[f"mark_{partner.pk}"]) for partner in self.partners]

    def marks(self) -> dict[int, str]:
        """Return the marks by participant."""
        return {
            partner.pk: self.cleaned_data.get(f"mark_{partner.pk}", "") for partner in self.partners
        }


class MoveForm(forms.Form):
    """Another round and table for a meeting."""

    slot = forms.TypedChoiceField(label=gettext_lazy("Round"), coerce=int)
    table = forms.TypedChoiceField(
        label=gettext_lazy("At table"), coerce=int, required=False, empty_value=None
    )

    def __init__(self, *args: Any, plan: MeetingPlan, meeting: Meeting | None, **kwargs: Any):
        if meeting is not None:
            kwargs["initial"] = {"slot": meeting.slot, "table": meeting.table}
        super().__init__(*args, **kwargs)
        self.fields["slot"].choices = [  # type: ignore[attr-defined]
            (slot, slot_time(plan, slot)) for slot in range(plan.slots)
        ]
        self.fields["table"].choices = [  # type: ignore[attr-defined]
            ("", _("first free table")),
            *((table, str(table)) for table in range(1, plan.tables + 1)),
        ]


class AddForm(MoveForm):
    """Somebody to meet, with round and table."""

    other = forms.TypedChoiceField(label=gettext_lazy("Meets"), coerce=int)
    field_order = ("other", "slot", "table")

    def __init__(self, *args: Any, board: Board, me: MeetingParticipant, **kwargs: Any) -> None:
        super().__init__(*args, plan=board.plan, meeting=None, **kwargs)
        self.fields["other"].choices = [  # type: ignore[attr-defined]
            ("", _("Please choose")),
            *((one.pk, name_of(one)) for one in board.active if one.pk != me.pk),
        ]


class MeetingFeedbackForm(forms.Form):
    """How one meeting was."""

    took_place = forms.TypedChoiceField(
        label=gettext_lazy("The meeting took place"),
        choices=[("1", gettext_lazy("yes")), ("0", gettext_lazy("no"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    useful = forms.TypedChoiceField(
        label=gettext_lazy("It was"),
        choices=Usefulness.choices,
        coerce=int,
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    follow_up = forms.TypedChoiceField(
        label=gettext_lazy("We stay in touch"),
        choices=[("1", gettext_lazy("yes")), ("0", gettext_lazy("no"))],
        coerce=lambda value: value == "1",
        required=False,
        empty_value=None,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("My note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("Only you read it. It is removed with the data of the event."),
    )

    def __init__(
        self, *args: Any, meeting: Meeting, feedback: MeetingFeedback | None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"took_place": "1"}
        if feedback is not None:
            initial = {
                "took_place": "1" if feedback.took_place else "0",
                "useful": feedback.useful,
                "follow_up": {True: "1", False: "0", None: None}[feedback.follow_up],
                "note": feedback.note,
            }
        kwargs |= {"prefix": f"m{meeting.pk}", "initial": initial}
        super().__init__(*args, **kwargs)
