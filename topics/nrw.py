"""Loads the topic areas of the Cluster-Panorama NRW as focus topics."""

from clusters.models import Term
from clusters.nrw import read
from clusters.nrw.files import evidence
from core.imports import Import, Record, save_row
from topics.choices import TopicStatus
from topics.models import Topic
from topics.search import refresh_search

GROUP = "panorama_topic"


def load_topics(run: Import) -> None:
    """Load the topics, after the terms."""
    written = []
    for record in read("topics")["topics"]:
        if record["type"] != GROUP:
            continue
        wishes = [
            need
            for need in read("clusters")["collective_needs"]
            if need["scope"] == "NRW" and record["id"] in need["topic_ids"]
        ]

        def write(pk: int | None, record: Record = record, wishes: list[Record] = wishes) -> Topic:
            topic = save_row(
                Topic,
                pk,
                natural_key={"slug": record["id"]},
                title_de=record["name_de"],
                title_en=record["name_en"],
                summary_de=record["description_de"] or "",
                summary_en=record["description_en"] or "",
                wanted_de="\n".join(wish["text_de"] for wish in wishes),
                wanted_en="\n".join(wish["text_en"] for wish in wishes),
                status=TopicStatus.FOCUS,
                sources={
                    **evidence(record, {"name": "title", "description": "summary"}),
                    **(
                        {"wanted_de": sorted({wish["source"] for wish in wishes})} if wishes else {}
                    ),
                },
            )
            topic.terms.set(Term.objects.filter(code=record["id"], group=GROUP))
            return topic

        if run.put("topic", record["id"], [record, wishes], write):
            written.append(run.ids("topic")[record["id"]])
    if written:
        refresh_search(written)
