"""Topics, the voices for them, next steps, and who follows."""

from django.utils import timezone

from dialog.demo.files import EXAMPLE, Plot, read
from dialog.demo.people import find
from topics.choices import TopicStatus
from topics.models import ActionItem, Endorsement, Topic, TopicFollow


def plant(plot: Plot) -> None:
    """Make example topics, then voices for these and for the topics of the panorama."""
    content = read("topics")
    for entry in content["topics"]:
        _plant_topic(plot, entry)
    topics = {topic.slug: topic for topic in Topic.objects.all()}
    for slug, cluster, short, mid, contribution, is_public in content["endorsements"]:
        plot.put(
            Endorsement,
            f"{slug}/{cluster}",
            [short, mid, contribution, is_public],
            natural_key={"topic": topics[slug], "cluster": plot.clusters[cluster]},
            values={
                "short_term": short,
                "mid_term": mid,
                "contribution": contribution,
                "is_public": is_public,
                "is_example": True,
            },
        )
    for number, (slug, owner, title, days, state) in enumerate(content["action_items"]):
        plot.put(
            ActionItem,
            f"{number}/{slug}",
            [slug, owner, title, state, plot.day(days).isoformat()],
            natural_key={},
            values={
                "topic": topics[slug],
                "owner": plot.clusters[owner],
                "title": title,
                "due_on": plot.day(days),
                "state": state,
                "is_example": True,
            },
        )
    for account, slug in content["follows"]:
        if user := find(account):
            plot.put(
                TopicFollow,
                f"{account}/{slug}",
                [account, slug],
                natural_key={"topic": topics[slug], "user": user},
                values={},
            )


def _plant_topic(plot: Plot, entry: dict[str, object]) -> None:
    slug, cluster = str(entry["slug"]), str(entry["cluster"])
    texts = {
        f"{name}_{language}": entry[f"{name}_{language}"]
        for name in ("title", "summary", "wanted")
        for language in ("de", "en")
    }
    plot.put(
        Topic,
        slug,
        entry,
        natural_key={"slug": slug},
        values={
            **texts,
            "status": entry["status"],
            "proposed_by": plot.clusters[cluster],
            "author": find(f"manager.{cluster}"),
            "submitted_at": timezone.now() if entry["status"] == TopicStatus.PROPOSED else None,
            "sources": {"title": [EXAMPLE]},
            "is_example": True,
        },
        links={
            "terms": plot.terms(list(entry["terms"])),  # type: ignore[call-overload]
            "innovation_fields": [
                plot.fields[code]
                for code in list(entry["fields"])  # type: ignore[call-overload]
            ],
        },
    )
