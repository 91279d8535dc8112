"""What surrounds the example meetings: questions, wishes, minutes, a survey."""

from typing import Any

from dialog.demo.files import Plot, read
from events.models import (
    Event,
    MinutesItem,
    Question,
    QuestionAnswer,
    Registration,
    SurveyResponse,
    WorkshopChoice,
)
from topics.choices import ActionState
from topics.models import Topic


def plant(plot: Plot) -> None:
    """Make what people were asked, what they wished for and what was written down."""
    content = read("events")
    events = {event.slug: event for event in Event.objects.filter(is_example=True)}
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    for entry in content["events"]:
        event = events[entry["slug"]]
        _plant_questions(plot, event, entry.get("questions", []))
        _plant_minutes(plot, event, entry.get("minutes", []), topics)
        _plant_survey(plot, event, entry.get("survey", []))
    people = {
        (row.event.slug, row.cluster.slug): row
        for row in Registration.objects.filter(is_example=True, cluster__isnull=False)
        .select_related("event", "cluster")
        .only("id", "event__slug", "cluster__slug")
    }
    for slug, cluster, wishes in content["wishes"]:
        _plant_wishes(plot, f"{slug}/{cluster}", people[slug, cluster], wishes)
    meals = {
        slug: Question.objects.filter(event=event, stage="registration", kind="choice").first()
        for slug, event in events.items()
    }
    for slug, cluster, option in content["meals"]:
        plot.put(
            QuestionAnswer,
            f"{slug}/{cluster}",
            [slug, cluster, option],
            natural_key={"question": meals[slug], "registration": people[slug, cluster]},
            values={"value": option},
        )


def _plant_questions(plot: Plot, event: Event, questions: list[dict[str, Any]]) -> None:
    for position, entry in enumerate(questions, start=1):
        plot.put(
            Question,
            f"{event.slug}/{position}",
            entry,
            natural_key={"event": event, "position": position},
            values=entry,
        )


def _plant_minutes(
    plot: Plot, event: Event, items: list[dict[str, Any]], topics: dict[str, Topic]
) -> None:
    sessions = {session.code: session for session in event.sessions.all()}
    for position, entry in enumerate(items, start=1):
        due = plot.day(entry["due"]) if "due" in entry else None
        plot.put(
            MinutesItem,
            f"{event.slug}/{position}",
            [entry, str(due)],
            natural_key={"event": event, "position": position},
            values={
                "kind": entry["kind"],
                "text": entry["text"],
                "level": entry["level"],
                "session": sessions.get(entry.get("session", "")),
                "topic": topics.get(entry.get("topic", "")),
                "owner": plot.clusters.get(entry.get("owner", "")),
                "due_on": due,
                "state": entry.get("state", ActionState.OPEN),
            },
        )


def _plant_survey(plot: Plot, event: Event, responses: list[list[Any]]) -> None:
    questions = list(event.questions.filter(stage="survey").order_by("position"))
    for number, values in enumerate(responses, start=1):
        key = f"{event.slug}/{number}"
        plot.put(
            SurveyResponse,
            key,
            values,
            natural_key={"event": event, "key": f"example-{number}"},
            values={},
        )
        response = SurveyResponse.objects.get(event=event, key=f"example-{number}")
        for question, value in zip(questions, values, strict=True):
            if value != "":
                plot.put(
                    QuestionAnswer,
                    f"{key}/{question.position}",
                    [value],
                    natural_key={"question": question, "response": response},
                    values={"value": value},
                )


def _plant_wishes(plot: Plot, key: str, registration: Registration, wishes: list[str]) -> None:
    for rank, workshop in enumerate(wishes, start=1):
        plot.put(
            WorkshopChoice,
            f"{key}/{rank}",
            [workshop],
            natural_key={"registration": registration, "rank": rank},
            values={"workshop": workshop},
        )
