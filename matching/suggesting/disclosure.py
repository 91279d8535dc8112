"""What may still be told of a round: levels that were raised since count at once.

A figure cannot be shown without what it rests on, so a suggestion that rests on an entry its
readers may no longer read is not shown to them at all, until its lists are computed anew.
"""

from collections.abc import Iterable

from django.db.models import Q

from clusters.models import Need, Offer
from matching.choices import Audience
from matching.models import Suggestion
from matching.querysets import LEVELS
from topics.models import Endorsement, Topic


def without_raised(rows: Iterable[Suggestion], audience: Audience) -> list[Suggestion]:
    """Return the rows that rest on nothing the audience may not read now, in three queries."""
    kept = list(rows)
    if audience == Audience.STAFF or not kept:
        return kept
    hidden = {
        name: _above(model, {pk for row in kept for pk in row.rests_on.get(name, ())}, audience)
        for name, model in (("needs", Need), ("offers", Offer))
    }
    voices = _public_voices(kept)
    return [
        row
        for row in kept
        if not any(hidden[name] & set(row.rests_on.get(name, ())) for name in hidden)
        and all(
            (cluster, topic) in voices
            for cluster in (row.cluster_id, row.partner_id)
            for topic in row.rests_on.get("topics", ())
        )
    ]


def _above(model: type[Need] | type[Offer], entries: set[int], audience: Audience) -> set[int]:
    """Return the entries whose level is above the audience today."""
    if not entries:
        return set()
    above = model.objects.filter(pk__in=entries).exclude(confidentiality__in=LEVELS[audience])
    return set(above.values_list("pk", flat=True))


def _public_voices(rows: list[Suggestion]) -> set[tuple[int, str]]:
    """Return which clusters (ids) stand for which topics (slugs) in public today."""
    topics = {topic for row in rows for topic in row.rests_on.get("topics", ())}
    if not topics:
        return set()
    clusters = {pk for row in rows for pk in (row.cluster_id, row.partner_id)}
    published = Topic.objects.published().filter(slug__in=topics)
    given = Endorsement.objects.filter(
        Q(is_public=True), cluster__in=clusters, topic__in=published
    ).values_list("cluster_id", "topic__slug")
    proposed = published.filter(proposed_by__in=clusters).values_list("proposed_by_id", "slug")
    return {*given, *proposed}
