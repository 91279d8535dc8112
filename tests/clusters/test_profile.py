"""What a profile shows, and to whom."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.models import Cluster, Cooperation, Document, Fact, LabelAward, Project
from tests.conftest import World
from tests.factories import make_cluster, make_field, make_need, make_offer, make_term

pytestmark = pytest.mark.django_db


def url(cluster: Cluster) -> str:
    return reverse("clusters:cluster-detail", args=[cluster.slug])


def page(client: Client, cluster: Cluster) -> str:
    response = client.get(url(cluster))
    assert response.status_code == 200
    return response.content.decode()


def test_facts_name_their_source_and_unknown_stays_unknown(client: Client) -> None:
    cluster = make_cluster(
        founded_year=2011, sources={"founded_year": ["https://evidence.example/page"]}
    )
    html = page(client, cluster)
    founded = html.split("2011")[1][:400]
    assert "https://evidence.example/page" in founded
    english = client.get(url(cluster).replace("/de/", "/en/")).content.decode()
    assert english.count("not known") >= 4


@pytest.mark.parametrize(
    ("person", "status"),
    [(None, 404), ("outsider", 404), ("member", 200), ("manager", 200), ("staff", 200)],
)
@pytest.mark.parametrize("state", ["draft", "submitted", "archived"])
def test_unpublished_profiles_are_for_members_and_staff(
    client: Client, world: World, person: str | None, status: int, state: str
) -> None:
    world.alpha.status = state
    world.alpha.save()
    if person:
        client.force_login(getattr(world, person))
    assert client.get(url(world.alpha)).status_code == status


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        (None, {"P"}),
        ("outsider", {"P", "C"}),
        ("member", {"P", "C", "S"}),
        ("manager", {"P", "C", "S"}),
        ("staff", {"P", "C", "S"}),
    ],
)
def test_levels_decide_who_reads_needs_and_offers(
    client: Client, world: World, person: str | None, seen: set[str]
) -> None:
    levels = {"P": "public", "C": "clusters", "S": "staff"}
    for letter, level in levels.items():
        make_need(world.alpha, text_de=f"Bedarf-{letter}", confidentiality=level)
        make_offer(world.alpha, text_de=f"Angebot-{letter}", confidentiality=level)
    if person:
        client.force_login(getattr(world, person))
    html = page(client, world.alpha)
    assert {letter for letter in levels if f"Bedarf-{letter}" in html} == seen
    assert {letter for letter in levels if f"Angebot-{letter}" in html} == seen


def test_examples_are_marked_and_show_no_source(client: Client) -> None:
    cluster = make_cluster()
    make_need(cluster, text_de="Erfunden", is_example=True, source="https://evidence.example/")
    html = page(client, cluster)
    assert 'class="cd-example"' in html
    assert "https://evidence.example/" not in html


def test_a_merged_cluster_says_so(client: Client) -> None:
    cluster = make_cluster(activity="merged", activity_note_de="Ging 2023 in der Stiftung auf.")
    html = page(client, cluster)
    assert "kern-alert--warning" in html
    assert "Ging 2023 in der Stiftung auf." in html


def test_only_valid_labels_stand_in_the_head_and_all_in_the_list(client: Client) -> None:
    cluster = make_cluster()
    yesterday = timezone.localdate() - timedelta(days=1)
    LabelAward.objects.create(
        cluster=cluster, code="gold", level="gold", year=2014, valid_until=yesterday
    )
    LabelAward.objects.create(cluster=cluster, code="silver", level="silver", year=2024)
    english = client.get(url(cluster).replace("/de/", "/en/")).content.decode()
    head, rest = english.split("</header>", 2)[1:]
    assert "Silver label" in head
    assert "Gold label" not in head
    assert "2014" in rest


def test_partners_that_are_no_longer_public_are_not_named(client: Client) -> None:
    cluster, partner, hidden = (
        make_cluster(),
        make_cluster(name="Partner West"),
        make_cluster(name="Verborgen", status="draft"),
    )
    for other in (partner, hidden):
        Cooperation.objects.create(first=cluster, second=other, kind="related", source="seed:x")
    html = page(client, cluster)
    assert "Partner West" in html
    assert "Verborgen" not in html


def test_contact_address_and_managers_are_never_shown(client: Client, world: World) -> None:
    world.alpha.contact_email = "hidden@alpha.example"
    world.alpha.save()
    html = page(client, world.alpha)
    assert "hidden@alpha.example" not in html
    assert world.manager.email not in html
    assert reverse("clusters:cluster-contact", args=["alpha"]) in html


def test_the_edit_link_is_for_those_who_may_edit(client: Client, world: World) -> None:
    link = reverse("clusters:cluster-edit", args=["alpha"])
    assert link not in page(client, world.alpha)
    for person, expected in (("member", False), ("outsider", False), ("manager", True)):
        client.force_login(getattr(world, person))
        assert (link in page(client, world.alpha)) is expected


def test_the_number_of_queries_does_not_grow_with_the_entries(client: Client) -> None:
    def queries(cluster: Cluster) -> int:
        with CaptureQueriesContext(connection) as seen:
            page(client, cluster)
        return len(seen)

    def filled(number: int) -> Cluster:
        cluster = make_cluster()
        for index in range(number):
            cluster.innovation_fields.add(make_field())
            cluster.terms.add(make_term())
            make_need(cluster, terms=[make_term()], stage=make_term("stage"))
            make_offer(cluster, terms=[make_term()])
            Fact.objects.create(cluster=cluster, text_de="Satz", source="derived")
            LabelAward.objects.create(cluster=cluster, code=f"{cluster.pk}-{index}", level="gold")
            Project.objects.create(slug=f"{cluster.pk}-{index}", title_de="P").clusters.add(cluster)
            Cooperation.objects.create(
                first=cluster, second=make_cluster(), kind="related", source="derived"
            )
            document(cluster)
        return cluster

    assert queries(filled(2)) == queries(filled(20))


def document(cluster: Cluster, level: str = "public") -> Document:
    made: Document = Document.objects.create(
        cluster=cluster,
        title="Jahresbericht <2026>",
        file=ContentFile(b"%PDF-1.7 test", name="x.pdf"),
        confidentiality=level,
    )
    return made


@pytest.mark.parametrize(
    ("level", "readers"),
    [
        ("public", {None, "outsider", "member", "staff"}),
        ("clusters", {"outsider", "member", "staff"}),
        ("staff", {"member", "staff"}),
    ],
)
def test_documents_follow_their_level(
    client: Client, world: World, level: str, readers: set[str | None]
) -> None:
    row = document(world.alpha, level)
    for person in (None, "outsider", "member", "staff"):
        client.logout()
        if person:
            client.force_login(getattr(world, person))
        answer = client.get(reverse("clusters:cluster-document", args=["alpha", row.pk]))
        assert answer.status_code == (200 if person in readers else 404)
        assert ("Jahresbericht" in page(client, world.alpha)) is (person in readers)


def test_documents_are_saved_not_run(client: Client, world: World) -> None:
    row = document(world.alpha)
    answer = client.get(reverse("clusters:cluster-document", args=["alpha", row.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="jahresbericht-2026.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.getvalue() == b"%PDF-1.7 test"


def test_a_document_is_reached_through_its_own_cluster_only(client: Client, world: World) -> None:
    row = document(world.alpha)
    wrong = reverse("clusters:cluster-document", args=["beta", row.pk])
    assert client.get(wrong).status_code == 404


def test_logos_are_shown_as_pictures_and_anything_else_is_saved(
    client: Client, world: World
) -> None:
    world.alpha.logo.save("logo.png", ContentFile(b"png"))
    link = reverse("clusters:cluster-logo", args=["alpha"])
    answer = client.get(link)
    assert answer["Content-Type"] == "image/png"
    assert "attachment" not in answer.get("Content-Disposition", "")
    world.alpha.logo.save("logo.svg", ContentFile(b"<svg onload='x'/>"))
    assert client.get(link)["Content-Disposition"].startswith("attachment")


def test_a_stored_file_that_is_gone_is_not_found(client: Client, world: World) -> None:
    row = document(world.alpha)
    row.file.storage.delete(str(row.file.name))
    link = reverse("clusters:cluster-document", args=["alpha", row.pk])
    assert client.get(link).status_code == 404
    assert client.get(url(world.alpha)).status_code == 200
