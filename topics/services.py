"""Verbs about topics: propose, decide, endorse, follow."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters.models import Cluster, InnovationField, Term
from core.errors import DomainError
from core.slugs import free_slug, slug_of
from topics import mails
from topics.choices import Decision, TopicStatus
from topics.models import Endorsement, Topic, TopicFollow
from topics.querysets import ENDORSABLE, PUBLIC_STATUSES
from topics.search import refresh_search
from topics.signals import endorsement_changed

TEXTS = tuple(
    f"{name}_{language}" for name in ("title", "summary", "wanted") for language in ("de", "en")
)


@transaction.atomic
def save_proposal(
    *,
    user: User,
    cluster: Cluster,
    texts: Mapping[str, str],
    terms: Iterable[Term],
    innovation_fields: Iterable[InnovationField],
    topic: Topic | None = None,
) -> Topic:
    """Keep a draft; without ``topic`` a new one. ``texts`` are the names in ``TEXTS``.

    :raises DomainError: when the topic is not a draft any more.
    """
    if topic is None:
        topic = Topic(slug=_new_slug(texts), status=TopicStatus.DRAFT)
    else:
        topic = _locked(topic)
        _require(topic, TopicStatus.DRAFT)
    for name in TEXTS:
        setattr(topic, name, texts.get(name, ""))
    topic.proposed_by = cluster
    topic.author = user
    # From now on it is the cluster's own word, not an example of the portal.
    topic.is_example = False
    topic.save()
    topic.terms.set(terms)
    topic.innovation_fields.set(innovation_fields)
    refresh_search([topic.pk])
    return topic


@transaction.atomic
def submit_proposal(*, user: User, topic: Topic) -> Topic:
    """Hand a draft to staff.

    :raises DomainError: when it is not a draft, or has no title and reason in one language.
    """
    topic = _locked(topic)
    _require(topic, TopicStatus.DRAFT)
    complete = [
        language
        for language in ("de", "en")
        if getattr(topic, f"title_{language}") and getattr(topic, f"summary_{language}")
    ]
    if not complete:
        raise DomainError(_("Please write title and reason, at least in one language."))
    topic.status = TopicStatus.PROPOSED
    topic.status_reason = ""
    topic.author = user
    topic.submitted_at = timezone.now()
    topic.save()
    return topic


@transaction.atomic
def withdraw_proposal(*, user: User, topic: Topic) -> Topic:
    """Take a proposal back before staff has decided; it is a draft again.

    :raises DomainError: when staff has decided in the meantime.
    """
    topic = _locked(topic)
    _require(topic, TopicStatus.PROPOSED)
    topic.status = TopicStatus.DRAFT
    topic.author = user
    topic.submitted_at = None
    topic.save()
    return topic


@transaction.atomic
def discard_proposal(*, user: User, topic: Topic) -> None:
    """Throw a draft away for good.

    :raises DomainError: when it is not a draft any more.
    """
    topic = _locked(topic)
    _require(topic, TopicStatus.DRAFT)
    topic.delete()


@transaction.atomic
def decide_proposal(*, user: User, topic: Topic, decision: str, reason: str = "") -> Topic:
    """Open a proposal for endorsement, send it back or decline it; its author is told by mail.

    :raises DomainError: when it is not waiting, or a reason is missing.
    """
    topic = _locked(topic)
    _require(topic, TopicStatus.PROPOSED)
    if decision != Decision.ACCEPT and not reason.strip():
        raise DomainError(_("Please give a reason; it is sent to the author."), field="reason")
    topic.status = {
        Decision.ACCEPT: TopicStatus.OPEN,
        Decision.RETURN: TopicStatus.DRAFT,
        Decision.DECLINE: TopicStatus.DECLINED,
    }[Decision(decision)]
    topic.status_reason = reason.strip()
    topic.decided_by = user
    topic.save()
    mails.proposal_decided(topic, decision)
    return topic


@transaction.atomic
def change_status(*, user: User, topic: Topic, status: str) -> Topic:
    """Move a published topic on, for instance into focus; those who follow it are told.

    :raises DomainError: when the topic is not published, or would not be any more.
    """
    topic = _locked(topic)
    _require(topic, *PUBLIC_STATUSES)
    if status not in PUBLIC_STATUSES:
        raise DomainError(_("A published topic cannot go there."), field="status")
    if topic.status == status:
        return topic
    topic.status = status
    topic.decided_by = user
    topic.save()
    mails.status_changed(topic)
    return topic


@transaction.atomic
def endorse_topic(
    *,
    user: User,
    topic: Topic,
    cluster: Cluster,
    short_term: int,
    mid_term: int,
    contribution: str = "",
    is_public: bool = True,
) -> Endorsement:
    """Give the cluster's voice, or change it: one cluster, one voice.

    :raises DomainError: when the topic takes no voices at present.
    """
    topic = _locked(topic)
    if topic.status not in ENDORSABLE:
        raise DomainError(_("This topic takes no endorsements at present."))
    endorsement, _created = Endorsement.objects.update_or_create(
        topic=topic,
        cluster=cluster,
        defaults={
            "given_by": user,
            "short_term": short_term,
            "mid_term": mid_term,
            "contribution": contribution.strip(),
            "is_public": is_public,
            "is_example": False,
        },
    )
    _tell(endorsement)
    return endorsement


@transaction.atomic
def withdraw_endorsement(*, user: User, topic: Topic, cluster: Cluster) -> None:
    """Take the cluster's voice back; without one nothing happens."""
    endorsement = (
        Endorsement.objects.select_for_update().filter(topic=topic, cluster=cluster).first()
    )
    if endorsement is not None:
        endorsement.delete()
        _tell(Endorsement(topic=topic, cluster=cluster))


@transaction.atomic
def follow_topic(*, user: User, topic: Topic) -> None:
    """Have the person told about a topic; twice is once."""
    TopicFollow.objects.get_or_create(topic=topic, user=user)


@transaction.atomic
def unfollow_topic(*, user: User, topic: Topic) -> None:
    """Tell the person no more about a topic."""
    TopicFollow.objects.filter(topic=topic, user=user).delete()


def _tell(endorsement: Endorsement) -> None:
    endorsement_changed.send(
        sender=Endorsement, cluster_id=endorsement.cluster_id, topic_id=endorsement.topic_id
    )


def _locked(topic: Topic) -> Topic:
    found: Topic = Topic.objects.select_for_update().get(pk=topic.pk)
    return found


def _require(topic: Topic, *statuses: str) -> None:
    if topic.status not in statuses:
        raise DomainError(
            _("Somebody else was quicker: this topic is now “%(status)s”.")
            % {"status": topic.get_status_display()},
            code="stale",
        )


def _new_slug(texts: Mapping[str, Any]) -> str:
    """Return an address part from the title that no other topic has."""
    title = str(texts.get("title_de") or texts.get("title_en") or "")
    return free_slug(slug_of(title, length=80) or "topic", Topic.objects.all())
