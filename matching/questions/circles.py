"""Who should talk about a topic, and whom to invite to an event: clusters, and because of what.

Computed when the page is opened, from what its reader may read at that moment.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.people import Person
from clusters.models import Cluster, InnovationField, Need, Offer
from events.models import Event, Invitation, Registration
from events.querysets.registration import TAKING_A_PLACE
from matching.choices import Audience, TextKind
from matching.engine.reasons import HIGH_FROM, LEVEL_LABELS, MEDIUM_FROM, level
from matching.models import Suggestion
from matching.questions.answers import kept_apart
from matching.questions.likeness import ANSWERED, TERMS_EVIDENCE, close_to, vectors_of
from matching.suggesting.cards import Reason, in_language
from matching.vectors import model_label
from topics.models import Endorsement, Topic

SHOWN: Final = 20
LISTED: Final = MEDIUM_FROM
"""Whoever fits less is not named."""
LOOKED_AT: Final = 200
"""Texts of a kind, and clusters by keyword, that are looked at: the closest ones."""
QUOTED: Final = 2
"""Needs, and offers, of a cluster that are quoted."""
NAMED: Final = 3
VOICE: Final = 0.6
FIELD: Final = 0.2
PROFILE: Final = 0.5
PARTNER: Final = 0.15
"""What a voice, a field, a description, a fitting participant adds: 1 − Π(1 − e) over all. Long
descriptions speak of many things, so only very close ones count, and half."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a topic or an event is about: ids of topics, terms and fields, all may be empty."""

    topics: list[Topic]
    terms: Mapping[int, str]
    fields: Collection[int]


@dataclass(frozen=True, slots=True)
class Member:
    """A cluster that should be there, and why."""

    cluster: Cluster
    fit: float
    reasons: list[Reason]
    stands_for_it: bool

    @property
    def level(self) -> str:
        return level(self.fit)

    @property
    def word(self) -> str:
        """How well it fits, in the reader's language."""
        return in_language(LEVEL_LABELS[level(self.fit)])


@dataclass(frozen=True, slots=True)
class Circle:
    """Clusters in the order of how well they fit, and whether texts could be compared."""

    members: list[Member]
    compares_texts: bool
    has_model: bool


def circle_of_topic(topic: Topic, user: Person, *, own: Collection[Cluster] = ()) -> Circle:
    """Return who should talk about a topic; ``own``: clusters in whose name a manager asks."""
    subject = Subject(
        topics=[topic],
        terms={term.pk: term.label for term in topic.terms.all()},
        fields=[one.pk for one in topic.innovation_fields.all()],
    )
    apart = {other for cluster in own for other in kept_apart(cluster)}
    return _Search(subject, user, apart).circle()


def circle_of_event(event: Event, user: Person) -> Circle:
    """Return whom to invite to an event: without clusters that are invited or come already."""
    topics = list(event.topics.all())
    subject = Subject(
        topics=topics,
        terms={
            term.pk: term.label
            for terms in (event.terms.all(), *(topic.terms.all() for topic in topics))
            for term in terms
        },
        fields={
            one.pk
            for fields in (
                event.innovation_fields.all(),
                *(topic.innovation_fields.all() for topic in topics),
            )
            for one in fields
        },
    )
    coming = clusters_of_event(event)
    search = _Search(subject, user, coming["coming"] | coming["invited"])
    return search.circle(coming["coming"])


def clusters_of_event(event: Event) -> dict[str, set[int]]:
    """Return ids of clusters that come to an event, and of those invited to it."""
    registrations = Registration.objects.filter(event=event, state__in=TAKING_A_PLACE)
    invitations = Invitation.objects.filter(event=event)
    return {
        "coming": set(
            registrations.exclude(cluster=None).values_list("cluster_id", flat=True).distinct()
        ),
        "invited": set(
            invitations.exclude(cluster=None).values_list("cluster_id", flat=True).distinct()
        ),
    }


Note = tuple[float, Reason, bool]
"""What a reason is worth (0 to 1), the reason, and whether it is a voice for the subject."""


class _Search:
    """Collects evidence, kind after kind, in a number of queries that never grows."""

    def __init__(self, subject: Subject, user: Person, apart: Collection[int]) -> None:
        self.subject = subject
        self.user = user
        self.vectors = vectors_of(TextKind.TOPIC, [topic.pk for topic in subject.topics])
        clusters: QuerySet[Cluster] = Cluster.objects.suggestible()
        self.clusters = clusters.exclude(pk__in=apart).order_by()
        self._notes: dict[int, list[Note]] = defaultdict(list)

    def circle(self, coming: Collection[int] = ()) -> Circle:
        self._voices()
        self._statements(Offer, _offer_sentence)
        self._statements(Need, _need_sentence)
        self._profiles()
        self._terms()
        self._fields()
        self._partners(coming)
        rows = self.clusters.filter(pk__in=self._notes).defer("search_vector", "search_text")
        members = [_member(cluster, self._notes[cluster.pk]) for cluster in rows]
        order = sorted(members, key=lambda one: (-one.fit, one.cluster.pk))
        order = [member for member in order if member.fit >= LISTED]
        return Circle(order[:SHOWN], bool(self.vectors), bool(model_label()))

    def _note(
        self,
        cluster: int,
        worth: float,
        sentence: str,
        *,
        example: bool = False,
        voice: bool = False,
    ) -> None:
        self._notes[cluster].append((worth, Reason(sentence, example), voice))

    def _voices(self) -> None:
        """Clusters that proposed or endorsed one of the topics."""
        for topic in self.subject.topics:
            if topic.proposed_by_id:
                self._note(
                    topic.proposed_by_id,
                    VOICE,
                    _("Proposed the topic “%(topic)s”.") % {"topic": topic},
                    example=topic.is_example,
                    voice=True,
                )
        titles = {topic.pk: str(topic) for topic in self.subject.topics}
        rows = Endorsement.objects.visible_to(self.user).filter(
            topic__in=titles, cluster__in=self.clusters
        )
        for cluster, topic, contribution, example in rows.order_by("pk").values_list(
            "cluster_id", "topic_id", "contribution", "is_example"
        ):
            sentence = _("Endorses the topic “%(topic)s”.") % {"topic": titles[topic]}
            if contribution:
                sentence = _("Endorses the topic “%(topic)s” and would contribute: %(words)s") % {
                    "topic": titles[topic],
                    "words": Truncator(contribution).chars(120),
                }
            self._note(cluster, VOICE, sentence, example=example, voice=True)

    def _statements(self, model: type[Need] | type[Offer], sentence: Callable[[str], str]) -> None:
        """Needs or offers close to the topics, that the reader may read."""
        if not self.vectors:
            return
        rows = (
            model.objects.visible_to(self.user)
            .current()
            .filter(cluster__in=self.clusters)
            .annotate(closeness=close_to(self.vectors))
            .filter(closeness__gte=ANSWERED)
            .order_by("-closeness", "pk")
        )
        quoted: dict[int, int] = defaultdict(int)
        for row in rows.only("cluster_id", "text_de", "text_en", "is_example")[:LOOKED_AT]:
            if quoted[row.cluster_id] < QUOTED:
                quoted[row.cluster_id] += 1
                words = sentence(Truncator(row.text).chars(120))
                self._note(row.cluster_id, row.closeness, words, example=row.is_example)

    def _profiles(self) -> None:
        """Clusters whose description is close to the topics."""
        if not self.vectors:
            return
        rows = (
            self.clusters.annotate(closeness=close_to(self.vectors))
            .filter(closeness__gte=HIGH_FROM)
            .order_by("-closeness", "pk")
        )
        for pk, closeness in rows.values_list("pk", "closeness")[:LOOKED_AT]:
            word = in_language(LEVEL_LABELS[level(closeness)])
            sentence = _("Its description is close to the topic (closeness: %(word)s).")
            self._note(pk, closeness * PROFILE, sentence % {"word": word})

    def _terms(self) -> None:
        """Clusters with keywords of the subject."""
        if not self.subject.terms:
            return
        having: Any = Cluster.terms.through
        asked = Q(cluster__in=self.clusters, term__in=self.subject.terms)
        links = having._default_manager.filter(asked).order_by()
        counted = links.values("cluster").annotate(number=Count("pk"))
        best = dict(
            counted.order_by("-number", "cluster").values_list("cluster", "number")[:LOOKED_AT]
        )
        names: dict[int, list[str]] = defaultdict(list)
        for cluster, term in links.filter(cluster__in=best).values_list("cluster_id", "term_id"):
            names[cluster].append(self.subject.terms[term])
        for cluster, number in best.items():
            worth = TERMS_EVIDENCE * number / len(self.subject.terms)
            self._note(
                cluster,
                worth,
                _("Common keywords: %(terms)s.") % {"terms": _listed(names[cluster])},
            )

    def _fields(self) -> None:
        """Fields in common, of clusters something else speaks for, or of all where nothing does."""
        if not self.subject.fields:
            return
        having: Any = Cluster.innovation_fields.through
        links = having._default_manager.filter(
            cluster__in=self.clusters, innovationfield__in=list(self.subject.fields)
        )
        if self._notes:
            links = links.filter(cluster__in=list(self._notes))
        named = {one.pk: one.name for one in InnovationField.objects.all()}
        names: dict[int, list[str]] = defaultdict(list)
        pairs = links.order_by("cluster_id", "innovationfield__number")
        for cluster, pk in pairs.values_list("cluster_id", "innovationfield_id")[: 5 * LOOKED_AT]:
            names[cluster].append(named[pk])
        for cluster, fields in names.items():
            self._note(
                cluster, FIELD, _("Works in the field %(fields)s.") % {"fields": _listed(fields)}
            )

    def _partners(self, coming: Collection[int]) -> None:
        """Clusters on the lists of others that come; for staff, who read these lists."""
        if not coming:
            return
        rows = Suggestion.objects.current().filter(
            audience=Audience.STAFF, cluster__in=coming, partner__in=self.clusters
        )
        names: dict[int, list[str]] = defaultdict(list)
        for partner, name in rows.order_by("rank", "pk").values_list("partner_id", "cluster__name")[
            : 5 * LOOKED_AT
        ]:
            if name not in names[partner]:
                names[partner].append(name)
        for partner, clusters in names.items():
            sentence = ngettext(
                "Is suggested to a cluster that comes: %(names)s.",
                "Is suggested to clusters that come: %(names)s.",
                len(clusters),
            )
            worth = 1 - (1 - PARTNER) ** len(clusters)
            self._note(partner, worth, sentence % {"names": _listed(clusters)})


def _member(cluster: Cluster, notes: Sequence[Note]) -> Member:
    missing = 1.0
    for worth, _reason, _voice in notes:
        missing *= 1 - min(worth, 1.0)
    return Member(
        cluster=cluster,
        fit=round(1 - missing, 6),
        reasons=[reason for _worth, reason, _voice in notes],
        stands_for_it=any(voice for _worth, _reason, voice in notes),
    )


def _offer_sentence(words: str) -> str:
    return _("Offers: “%(words)s”") % {"words": words}


def _need_sentence(words: str) -> str:
    return _("Needs: “%(words)s”") % {"words": words}


def _listed(names: Iterable[str]) -> str:
    order: Sequence[str] = list(dict.fromkeys(names))
    if len(order) <= NAMED:
        return ", ".join(order)
    rest = len(order) - NAMED
    return _("%(names)s and %(number)d more") % {"names": ", ".join(order[:NAMED]), "number": rest}
