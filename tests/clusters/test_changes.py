"""Drafts, submission and what staff decides: nothing reaches visitors before it is accepted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.choices import ChangeTarget, ReviewState
from clusters.diff import diff_change, diff_words, label_of
from clusters.models import ChangeRequest, Cluster, Need
from clusters.services import changes
from clusters.signals import profile_changed
from clusters.snapshots import snapshot
from core.errors import DomainError
from core.models import OutgoingMail
from tests.conftest import World
from tests.factories import make_district, make_field, make_need, make_term


def draft(world: World, **values: Any) -> ChangeRequest:
    """A draft of alpha's profile by its manager."""
    cluster = Cluster.objects.get(pk=world.alpha.pk)
    change = changes.find_open_change(cluster, ChangeTarget.PROFILE)
    return changes.save_draft(
        user=world.manager,
        cluster=cluster,
        target=ChangeTarget.PROFILE,
        values={**snapshot(cluster), **(change.values if change else {}), **values},
        version=changes.version_of(cluster, change),
    )


def submitted(world: World, **values: Any) -> ChangeRequest:
    return changes.submit_change(user=world.manager, change=draft(world, **values))


def form_data(client: Client, url: str, **changed: Any) -> dict[str, Any]:
    """What a browser sends when only ``changed`` was touched."""
    form = client.get(url).context["form"]
    data = {}
    for field in form:
        value = field.value()
        if value not in (None, "", False):
            data[field.html_name] = value
    return {**data, **changed}


def test_draft_changes_nothing_visitors_see(world: World, client: Client) -> None:
    draft(world, profile_de="Ganz neu")
    world.alpha.refresh_from_db()
    assert world.alpha.profile_de != "Ganz neu"
    page = client.get(world.alpha.get_absolute_url())
    assert "Ganz neu" not in page.content.decode()


def test_draft_holds_only_what_differs(world: World) -> None:
    change = draft(world, city="Essen")
    assert change.values == {"city": "Essen"}
    assert change.before == {"city": ""}


def test_accepted_change_reaches_target_and_vocabulary(world: World) -> None:
    field, district = make_field(), make_district()
    sector, technology = make_term("sector"), make_term("technology")
    world.alpha.terms.set([sector])
    change = submitted(
        world,
        profile_en="Brand new",
        city="Essen",
        district=district.pk,
        innovation_fields=[field.pk],
        terms_technology=[technology.pk],
        may_be_suggested=False,
    )
    changes.accept_change(user=world.staff, change=change)
    world.alpha.refresh_from_db()
    assert world.alpha.profile_en == "Brand new"
    assert world.alpha.district == district
    assert world.alpha.may_be_suggested is False
    assert set(world.alpha.innovation_fields.all()) == {field}
    assert set(world.alpha.terms.all()) == {sector, technology}
    assert "cluster:" in world.alpha.sources["profile"][0]


def test_accepted_profile_is_found_by_its_new_words(world: World, client: Client) -> None:
    change = submitted(world, profile_de="Wir erforschen Quantenkaskaden.")
    changes.accept_change(user=world.staff, change=change)
    page = client.get(reverse("clusters:cluster-list"), {"q": "Quantenkaskaden"})
    assert "Alpha" in page.content.decode()


def test_fields_the_author_left_alone_keep_what_they_became_meanwhile(world: World) -> None:
    change = draft(world, city="Essen")
    Cluster.objects.filter(pk=world.alpha.pk).update(carrier="Neuer Träger")
    change = changes.submit_change(user=world.manager, change=change)
    changes.accept_change(user=world.staff, change=change)
    world.alpha.refresh_from_db()
    assert (world.alpha.city, world.alpha.carrier) == ("Essen", "Neuer Träger")


def test_diff_says_that_the_live_value_moved(world: World) -> None:
    change = submitted(world, city="Essen")
    assert [row.is_stale for row in diff_change(change)] == [False]
    Cluster.objects.filter(pk=world.alpha.pk).update(city="Bochum")
    change = ChangeRequest.objects.get(pk=change.pk)
    assert [row.live for row in diff_change(change)] == ["Bochum"]


def test_accepting_tells_the_apps_above(world: World) -> None:
    heard: list[int] = []

    def listen(sender: object, cluster_id: int, **kwargs: object) -> None:
        heard.append(cluster_id)

    profile_changed.connect(listen)
    try:
        changes.accept_change(user=world.staff, change=submitted(world, city="Essen"))
    finally:
        profile_changed.disconnect(listen)
    assert heard == [world.alpha.pk]


@pytest.mark.parametrize(
    ("verb", "state"),
    [("request_changes", ReviewState.CHANGES_REQUESTED), ("decline_change", ReviewState.DECLINED)],
)
def test_refusal_needs_a_reason_and_mails_it_in_the_authors_language(
    world: World, verb: str, state: str
) -> None:
    world.manager.language = "en"
    world.manager.save()
    change = submitted(world, city="Essen")
    decide = getattr(changes, verb)
    with pytest.raises(DomainError):
        decide(user=world.staff, change=change, reason="  ")
    assert ChangeRequest.objects.get(pk=change.pk).state == ReviewState.SUBMITTED
    decided = decide(user=world.staff, change=change, reason="Müller & Söhne fehlt")
    assert decided.state == state
    mail = OutgoingMail.objects.select_related("content").get()
    assert mail.to == world.manager.email
    assert mail.content.language == "en"
    assert "Müller & Söhne fehlt" in mail.content.text
    world.alpha.refresh_from_db()
    assert world.alpha.city == ""


@pytest.mark.parametrize("language", ["de", "en"])
def test_author_is_told_about_acceptance_once(world: World, language: str) -> None:
    world.manager.language = language
    world.manager.save()
    changes.accept_change(user=world.staff, change=submitted(world, city="Essen"))
    assert OutgoingMail.objects.get().content.language == language


def test_states_allow_only_their_verbs(world: World) -> None:
    change = draft(world, city="Essen")
    with pytest.raises(DomainError):
        changes.accept_change(user=world.staff, change=change)
    changes.submit_change(user=world.manager, change=change)
    with pytest.raises(DomainError):
        changes.submit_change(user=world.manager, change=change)
    with pytest.raises(DomainError):
        changes.discard_change(user=world.manager, change=change)
    with pytest.raises(DomainError):
        draft(world, city="Bonn")
    changes.accept_change(user=world.staff, change=change)
    for verb in (changes.withdraw_change, changes.accept_change, changes.submit_change):
        with pytest.raises(DomainError):
            verb(user=world.staff, change=change)


def test_returned_change_is_edited_and_submitted_again(world: World) -> None:
    change = submitted(world, city="Essen")
    changes.request_changes(user=world.staff, change=change, reason="Bitte genauer")
    change = draft(world, city="Essen-Kettwig")
    assert (change.state, change.reason) == (ReviewState.CHANGES_REQUESTED, "Bitte genauer")
    change = changes.submit_change(user=world.manager, change=change)
    assert (change.state, change.reason) == (ReviewState.SUBMITTED, "")


def test_withdrawn_change_is_a_draft_again(world: World) -> None:
    change = changes.withdraw_change(user=world.manager, change=submitted(world, city="Essen"))
    assert change.state == ReviewState.DRAFT
    assert draft(world, city="Bonn").values == {"city": "Bonn"}


def test_empty_draft_cannot_be_submitted(world: World) -> None:
    with pytest.raises(DomainError):
        submitted(world)


def test_reviewer_cannot_accept_what_they_have_not_seen(world: World) -> None:
    seen = submitted(world, city="Essen").updated_at.isoformat()
    change = ChangeRequest.objects.get()
    changes.withdraw_change(user=world.manager, change=change)
    submitted(world, city="Bonn")
    with pytest.raises(DomainError):
        changes.accept_change(user=world.staff, change=change, version=seen)
    world.alpha.refresh_from_db()
    assert world.alpha.city == ""


def test_lost_update_is_refused_with_both_versions(world: World, client: Client) -> None:
    client.force_login(world.manager)
    url = reverse("clusters:cluster-edit", args=["alpha"])
    mine = form_data(client, url, city="Essen", save="1")
    theirs = form_data(client, url, city="Bonn", save="1")
    assert client.post(url, theirs).status_code == 302
    refused = client.post(url, mine)
    assert refused.status_code == 200
    assert ChangeRequest.objects.get().values == {"city": "Bonn"}
    page = refused.content.decode()
    assert "Bonn" in page
    assert "Essen" in page
    again = {**mine, "version": refused.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 302
    assert ChangeRequest.objects.get().values == {"city": "Essen"}


def test_form_shows_the_draft_not_the_live_profile(world: World, client: Client) -> None:
    draft(world, city="Essen")
    client.force_login(world.manager)
    page = client.get(reverse("clusters:cluster-edit", args=["alpha"]))
    assert page.context["form"]["city"].value() == "Essen"


def test_reason_stands_on_top_of_the_form(world: World, client: Client) -> None:
    changes.request_changes(
        user=world.staff, change=submitted(world, city="Essen"), reason="Bitte genauer"
    )
    client.force_login(world.manager)
    page = client.get(reverse("clusters:cluster-edit", args=["alpha"])).content.decode()
    assert page.index("Bitte genauer") < page.index("profile-form")


def test_preview_shows_unsaved_values_and_saves_none(world: World, client: Client) -> None:
    client.force_login(world.manager)
    data = form_data(
        client, reverse("clusters:cluster-edit", args=["alpha"]), profile_de="Noch nicht gesichert"
    )
    url = reverse("clusters:cluster-preview", args=["alpha"])
    for headers in ({}, {"HX-Request": "true"}):
        page = client.post(url, data, headers=headers)
        assert "Noch nicht gesichert" in page.content.decode()
    assert not ChangeRequest.objects.exists()


def test_manager_walks_from_form_to_staff(world: World, client: Client) -> None:
    client.force_login(world.manager)
    url = reverse("clusters:cluster-edit", args=["alpha"])
    check = client.post(url, form_data(client, url, city="Essen", submit="1"), follow=True)
    assert "<ins>Essen</ins>" in check.content.decode()
    submit = reverse("clusters:change-submit", args=["alpha", ChangeRequest.objects.get().pk])
    client.post(submit, {"version": check.context["version"]})
    assert ChangeRequest.objects.get().state == ReviewState.SUBMITTED
    waiting = client.get(url).content.decode()
    assert "profile-form" not in waiting
    assert reverse("clusters:change-withdraw", args=["alpha", ChangeRequest.objects.get().pk]) in (
        waiting
    )


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("staff", 200), ("member", 403), ("outsider", 403)]
)
def test_only_managers_and_staff_edit(world: World, client: Client, who: str, status: int) -> None:
    client.force_login(getattr(world, who))
    for name in ("cluster-edit", "statement-list", "member-list", "document-list"):
        assert client.get(reverse(f"clusters:{name}", args=["alpha"])).status_code == status


def test_unpublished_cluster_does_not_exist_for_outsiders(world: World, client: Client) -> None:
    Cluster.objects.filter(pk=world.alpha.pk).update(status="draft")
    client.force_login(world.outsider)
    assert client.get(reverse("clusters:cluster-edit", args=["alpha"])).status_code == 404


def test_change_of_another_cluster_does_not_exist(world: World, client: Client) -> None:
    change = submitted(world, city="Essen")
    client.force_login(world.outsider)
    for name in ("change-submit", "change-withdraw", "change-discard", "change-logo"):
        url = reverse(f"clusters:{name}", args=["beta", change.pk])
        assert client.post(url).status_code in {404, 405}
    assert ChangeRequest.objects.get().state == ReviewState.SUBMITTED


def test_new_need_becomes_a_row_only_when_accepted(world: World) -> None:
    term, stage = make_term(), make_term("stage")
    change = changes.save_draft(
        user=world.manager,
        cluster=world.alpha,
        target=ChangeTarget.NEED,
        values={
            "text_de": "Wir suchen Prüfstände",
            "text_en": "",
            "terms": [term.pk],
            "stage": stage.pk,
            "valid_until": "2099-12-31",
            "confidentiality": "clusters",
        },
        version=changes.version_of(None, None),
    )
    changes.submit_change(user=world.manager, change=change)
    assert not Need.objects.exists()
    accepted = changes.accept_change(user=world.staff, change=change)
    need = Need.objects.get()
    assert (need.text_de, need.stage, need.confidentiality) == (
        "Wir suchen Prüfstände",
        stage,
        "clusters",
    )
    assert need.valid_until.isoformat() == "2099-12-31"
    assert set(need.terms.all()) == {term}
    assert accepted.need == need


def test_accepted_example_is_the_clusters_own_word(world: World) -> None:
    need = make_need(world.alpha, is_example=True, source="made up")
    change = changes.save_draft(
        user=world.manager,
        cluster=world.alpha,
        target=ChangeTarget.NEED,
        values={**snapshot(need), "text_de": "Das meinen wir wirklich"},
        version=changes.version_of(need, None),
        entry=need,
    )
    changes.submit_change(user=world.manager, change=change)
    changes.accept_change(user=world.staff, change=change)
    need.refresh_from_db()
    assert (need.is_example, need.source) == (False, "")


def test_words_that_stayed_are_not_marked() -> None:
    before, after = diff_words("Wir fördern Chemie.", "Wir fördern neue Chemie.")
    assert [part.text for part in after if part.op == "ins"] == ["neue "]
    assert all(part.op == "same" for part in before)


def test_texts_with_little_in_common_are_not_woven_together() -> None:
    before, after = diff_words("Wir fördern die Chemie im Rheinland.", "Quanten sind alles.")
    assert [part.op for part in before] == ["del"]
    assert [part.op for part in after] == ["ins"]
    assert diff_words("", "") == ([], [])


def test_diff_names_terms_and_languages(world: World) -> None:
    term = make_term(label_de="Photonik")
    rows = diff_change(submitted(world, terms_technology=[term.pk], profile_en="New"))
    found = {row.name: row for row in rows}
    assert [part.text for part in found["terms_technology"].after] == ["Photonik"]
    assert found["profile_en"].label == label_of("profile_en")
    assert "(" in found["profile_en"].label


def test_decided_diff_stays_readable(world: World) -> None:
    change = submitted(world, city="Essen")
    changes.accept_change(user=world.staff, change=change)
    row = diff_change(ChangeRequest.objects.get())[0]
    assert (row.before, [part.text for part in row.after]) == ([], ["Essen"])
    assert not row.is_stale


def test_edit_page_costs_the_same_with_many_terms(world: World, client: Client) -> None:
    client.force_login(world.manager)
    url = reverse("clusters:cluster-edit", args=["alpha"])
    client.get(url)
    counts = []
    for number in (2, 18):
        world.alpha.terms.add(*(make_term() for _ in range(number)))
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_two_managers_submitting_at_once_leave_one_open_change(world: World) -> None:
    stale = changes.version_of(world.alpha, None)
    draft(world, city="Essen")
    with pytest.raises(changes.StaleDraftError) as refused:
        changes.save_draft(
            user=world.manager,
            cluster=world.alpha,
            target=ChangeTarget.PROFILE,
            values={**snapshot(world.alpha), "city": "Bonn"},
            version=stale,
        )
    assert refused.value.change is not None
    assert refused.value.change.values == {"city": "Essen"}
    assert ChangeRequest.objects.count() == 1


def test_old_refusals_leave_the_list(world: World) -> None:
    need = make_need(world.alpha)
    old = ChangeRequest.objects.create(
        cluster=world.alpha,
        target=ChangeTarget.NEED,
        need=need,
        state=ReviewState.DECLINED,
        decided_at=timezone.now() - timedelta(days=90),
    )
    assert old not in world.alpha.change_requests.of_statements()
