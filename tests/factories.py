"""Rows for tests: plain functions, every value overridable, nothing random."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any, cast

from django.utils import timezone

from accounts.models import User
from clusters.choices import ClusterKind, ClusterStatus, Role, TermKind
from clusters.models import Cluster, District, InnovationField, Membership, Need, Offer, Term
from events.choices import EventKind, EventStatus, MinutesKind, QuestionKind
from events.models import Event, MinutesItem, Question, Registration, Session
from topics.choices import TopicStatus
from topics.models import Topic

_number = count(1)


def restart() -> None:
    """Count from one again."""
    global _number
    _number = count(1)


def make_user(email: str = "", **fields: Any) -> User:
    """A person with the password ``correct horse battery``."""
    password = fields.pop("password", "correct horse battery")
    return User.objects.create_user(
        email or f"person-{next(_number)}@clusters.example", password, **fields
    )


def make_field(**fields: Any) -> InnovationField:
    n = next(_number)
    values = {"code": f"field-{n}", "number": n, "name_de": f"Feld {n}", "name_en": f"Field {n}"}
    return InnovationField.objects.create(**{**values, **fields})


def make_district(**fields: Any) -> District:
    n = next(_number)
    values = {
        "code": f"district-{n}",
        "nuts": f"D{n}",
        "name_de": f"Bezirk {n}",
        "name_en": f"District {n}",
        "short_name_de": f"Bezirk {n}",
        "short_name_en": f"District {n}",
    }
    return District.objects.create(**{**values, **fields})


def make_term(kind: str = TermKind.TECHNOLOGY, **fields: Any) -> Term:
    n = next(_number)
    values = {
        "kind": kind,
        "code": f"term-{n}",
        "label_de": f"Begriff {n}",
        "label_en": f"Term {n}",
    }
    return Term.objects.create(**{**values, **fields})


def make_cluster(**fields: Any) -> Cluster:
    """A published cluster; ``innovation_fields`` and ``terms`` take lists."""
    n = next(_number)
    innovation_fields = fields.pop("innovation_fields", [])
    terms = fields.pop("terms", [])
    values = {
        "slug": f"cluster-{n}",
        "name": f"Cluster {n}",
        "kind": ClusterKind.SECTOR_NETWORK,
        "status": ClusterStatus.PUBLISHED,
        "profile_de": f"Profil {n}",
        "profile_en": f"Profile {n}",
        "published_at": timezone.now(),
    }
    cluster: Cluster = Cluster.objects.create(**{**values, **fields})
    cluster.innovation_fields.set(innovation_fields)
    cluster.terms.set(terms)
    return cluster


def make_membership(user: User, cluster: Cluster, role: str = Role.MANAGER) -> Membership:
    membership: Membership = Membership.objects.create(user=user, cluster=cluster, role=role)
    return membership


def make_manager(cluster: Cluster, **fields: Any) -> User:
    user = make_user(**fields)
    make_membership(user, cluster)
    return user


def make_need(cluster: Cluster, **fields: Any) -> Need:
    n = next(_number)
    terms = fields.pop("terms", [])
    values = {"cluster": cluster, "text_de": f"Bedarf {n}", "text_en": f"Need {n}"}
    need: Any = Need.objects.create(**{**values, **fields})
    need.terms.set(terms)
    return cast("Need", need)


def make_offer(cluster: Cluster, **fields: Any) -> Offer:
    n = next(_number)
    terms = fields.pop("terms", [])
    values = {"cluster": cluster, "text_de": f"Angebot {n}", "text_en": f"Offer {n}"}
    offer: Any = Offer.objects.create(**{**values, **fields})
    offer.terms.set(terms)
    return cast("Offer", offer)


def make_topic(**fields: Any) -> Topic:
    """A topic open for endorsement."""
    n = next(_number)
    values = {
        "slug": f"topic-{n}",
        "title_de": f"Thema {n}",
        "title_en": f"Topic {n}",
        "status": TopicStatus.OPEN,
    }
    topic: Topic = Topic.objects.create(**{**values, **fields})
    return topic


def make_event(starts_at: datetime | None = None, **fields: Any) -> Event:
    """A published event of two hours, a week from now."""
    n = next(_number)
    start = starts_at or timezone.now() + timedelta(days=7)
    values = {
        "slug": f"event-{n}",
        "title_de": f"Veranstaltung {n}",
        "title_en": f"Event {n}",
        "kind": EventKind.EXCHANGE,
        "status": EventStatus.PUBLISHED,
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
    }
    event: Event = Event.objects.create(**{**values, **fields})
    return event


def make_registration(event: Event | None = None, **fields: Any) -> Registration:
    """A registered person without account; give ``user`` for one with."""
    n = next(_number)
    user = fields.get("user")
    values = {
        "event": event or make_event(),
        "name": user.name if user else f"Guest {n}",
        "email": user.email if user else f"guest-{n}@guests.example",
    }
    registration: Registration = Registration.objects.create(**{**values, **fields})
    return registration


def make_question(event: Event, kind: str = QuestionKind.TEXT, **fields: Any) -> Question:
    """A question of the registration form; choices have two options."""
    n = next(_number)
    values: dict[str, Any] = {
        "event": event,
        "kind": kind,
        "position": n,
        "label_de": f"Frage {n}",
        "label_en": f"Question {n}",
    }
    if kind in (QuestionKind.CHOICE, QuestionKind.SEVERAL):
        values |= {"options_de": ["Eins", "Zwei"], "options_en": ["One", "Two"]}
    question: Question = Question.objects.create(**{**values, **fields})
    return question


def make_workshops(
    event: Event,
    workshops: int = 3,
    runs: int = 2,
    capacity: int | None = 10,
) -> list[Session]:
    """Parallel workshops a, b, c, …, each of them in each run; rooms R1, R2, …"""
    made = []
    for run in range(1, runs + 1):
        for track in range(1, workshops + 1):
            key = "abcdefghijklmnopqrstuvwxyz"[track - 1]
            start = event.starts_at + timedelta(minutes=45 * (run - 1))
            session: Session = event.sessions.create(
                code=f"{key}{run}",
                workshop=key,
                part="parallel",
                run=run,
                track=track,
                position=10 * run + track,
                title_de=f"Werkstatt {key.upper()}",
                title_en=f"Workshop {key.upper()}",
                summary_de=f"Worum es in {key.upper()} geht.",
                room=f"R{track}",
                starts_at=start,
                ends_at=start + timedelta(minutes=40),
                capacity=capacity,
            )
            made.append(session)
    return made


def make_minutes_item(event: Event, **fields: Any) -> MinutesItem:
    """A note for participants, at the end of the event's minutes."""
    n = next(_number)
    values = {"event": event, "position": n, "text": f"Punkt {n}", "kind": MinutesKind.NOTE}
    item: MinutesItem = MinutesItem.objects.create(**{**values, **fields})
    return item


def make_action(event: Event, owner: Cluster | None = None, **fields: Any) -> MinutesItem:
    """An open action of a cluster, due in thirty days."""
    values = {
        "kind": MinutesKind.ACTION,
        "owner": owner,
        "due_on": timezone.localdate() + timedelta(days=30),
    }
    return make_minutes_item(event, **{**values, **fields})
