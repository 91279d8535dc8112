"""Events on the pages of other apps show what is public and nothing else."""

from datetime import timedelta

from django.template import Context, Template
from django.utils import timezone

from events.choices import EventStatus
from tests.conftest import World
from tests.factories import make_event


def render(source: str, **context: object) -> str:
    return Template("{% load event_tags %}" + source).render(Context(context))


def test_cluster_shows_its_public_events_upcoming_first(world: World) -> None:
    titles = {
        "Kommt": make_event(title_de="Kommt"),
        "War": make_event(
            timezone.now() - timedelta(days=9),
            ends_at=timezone.now() - timedelta(days=8),
            title_de="War",
        ),
        "Entwurf": make_event(title_de="Entwurf", status=EventStatus.DRAFT),
    }
    for event in titles.values():
        event.clusters.add(world.alpha)
    text = render("{% cluster_events cluster %}", cluster=world.alpha)
    assert text.index("Kommt") < text.index("War")
    assert "Entwurf" not in text
    assert "Kommt" not in render("{% cluster_events cluster %}", cluster=world.beta)


def test_next_events_fall_back_to_the_latest(db: None) -> None:
    assert "<a " not in render("{% next_events %}")
    make_event(
        timezone.now() - timedelta(days=9),
        ends_at=timezone.now() - timedelta(days=8),
        title_de="War einmal",
    )
    assert "War einmal" in render("{% next_events %}")
    make_event(title_de="Kommt bald")
    text = render("{% next_events 2 %}")
    assert "Kommt bald" in text
    assert "War einmal" not in text
