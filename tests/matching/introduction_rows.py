"""Introductions in each state, as the verbs make them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone

from accounts.models import User
from clusters.models import Cluster
from core.models import OutgoingMail
from matching.choices import Audience
from matching.models import Introduction, Round, Suggestion, Weights
from matching.services import answer_introduction, ask_introduction
from tests.conftest import World

WHY = "Wir suchen Sensorik für Getriebe und würden gern Ihre Erfahrungen hören."


@contextmanager
def days_later(days: float) -> Iterator[datetime]:
    """The clock stands that many days ahead."""
    moment = timezone.now() + timedelta(days=days)
    with time_machine.travel(moment, tick=False):
        yield moment


def ask(world: World, **values: Any) -> Introduction:
    """Alpha asks beta for a talk."""
    known: dict[str, Any] = {"user": world.manager, "asker": world.alpha, "partner": world.beta}
    return ask_introduction(**{**known, "message": WHY, **values})


def answer(world: World, introduction: Introduction, *, agree: bool, words: str = "") -> Any:
    """Beta answers."""
    return answer_introduction(
        user=world.outsider,
        introduction=introduction,
        cluster=world.beta,
        agree=agree,
        words=words,
    )


def introduced(world: World) -> Introduction:
    """Alpha and beta, who both agreed."""
    answer(world, ask(world), agree=True)
    return Introduction.objects.get()


def mails_to(person: User) -> list[OutgoingMail]:
    rows = (
        OutgoingMail.objects.filter(to=person.email)
        .select_related("content")
        .order_by("created_at", "pk")
    )
    return list(rows)


def names_of_mails(person: User) -> list[str]:
    return [mail.content.name.removeprefix("matching/") for mail in mails_to(person)]


def suggest(cluster: Cluster, *partners: Cluster) -> None:
    """A complete round in which these partners are suggested to the cluster."""
    weights = Weights.objects.get_or_create(version=1, defaults={"published_at": timezone.now()})[0]
    row = Round.objects.create(
        weights=weights, state="complete", inputs_hash="x", completed_at=timezone.now()
    )
    part = {
        "part": "need",
        "weight": 0.3,
        "forward": 0.5,
        "backward": 0.5,
        "level_forward": "medium",
        "level_backward": "medium",
        "contribution_forward": 0.15,
        "contribution_backward": 0.15,
    }
    for rank, partner in enumerate(partners, 1):
        Suggestion.objects.create(
            round=row,
            audience=Audience.CLUSTERS,
            cluster=cluster,
            partner=partner,
            rank=rank,
            score=0.5,
            parts={
                "parts": [part],
                "benefit_forward": 0.5,
                "benefit_backward": 0.5,
                "harmonic_mean": 0.5,
                "competition_factor": 1,
                "exposure_factor": 1,
                "score": 0.5,
            },
            reasons=[{"de": f"Grund für {partner}", "en": f"Reason for {partner}"}],
        )
