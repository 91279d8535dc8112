"""Needs and offers in their managers' hands."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clusters.choices import ReviewState
from clusters.models import ChangeRequest, Need
from clusters.services.statements import (
    archive_statement,
    extend_statement,
    restore_statement,
)
from core.errors import DomainError
from tests.conftest import World
from tests.factories import make_need, make_offer, make_term

ENTRY = {"text_de": "Wir suchen Prüfstände", "confidentiality": "public"}


def url(name: str, *args: Any) -> str:
    return reverse(f"clusters:{name}", args=["alpha", *args])


def test_new_need_waits_for_review(world: World, client: Client) -> None:
    client.force_login(world.manager)
    page = client.get(url("statement-create", "need"))
    version = page.context["form"]["version"].value()
    client.post(url("statement-create", "need"), {**ENTRY, "version": version, "save": "1"})
    change = ChangeRequest.objects.get()
    assert change.values["text_de"] == "Wir suchen Prüfstände"
    client.post(url("change-submit", change.pk))
    assert ChangeRequest.objects.get().state == ReviewState.SUBMITTED
    assert not Need.objects.exists()


def test_entry_needs_a_text_in_one_language(world: World, client: Client) -> None:
    client.force_login(world.manager)
    page = client.post(url("statement-create", "need"), {"confidentiality": "public"})
    assert page.context["form"].errors["text_de"]
    assert not ChangeRequest.objects.exists()


def test_draft_in_one_language_stands_in_the_list(world: World, client: Client) -> None:
    client.force_login(world.manager)
    for text in ({"text_de": "Nur deutsch", "text_en": ""}, {"text_de": "", "text_en": "English"}):
        data = {**ENTRY, **text, "version": "-/-", "save": "1"}
        page = client.post(url("statement-create", "need"), data, follow=True)
        assert (text["text_de"] or text["text_en"]) in page.content.decode()


def test_edit_leaves_the_published_text_alone(world: World, client: Client) -> None:
    need = make_need(world.alpha, text_de="Alt")
    client.force_login(world.manager)
    address = url("statement-edit", "need", need.pk)
    version = client.get(address).context["form"]["version"].value()
    client.post(address, {**ENTRY, "text_de": "Neu", "version": version, "save": "1"})
    need.refresh_from_db()
    assert need.text_de == "Alt"
    assert client.get(address).context["form"]["text_de"].value() == "Neu"


def test_archived_entry_leaves_visitors_and_comes_back(world: World, client: Client) -> None:
    need = make_need(world.alpha, text_de="Sehr gesucht")
    client.force_login(world.manager)
    page = client.post(url("statement-archive", "need", need.pk), follow=True)
    assert page.context["undo"] == ("need", need)
    assert "Sehr gesucht" not in Client().get(world.alpha.get_absolute_url()).content.decode()
    client.post(url("statement-restore", "need", need.pk))
    assert "Sehr gesucht" in Client().get(world.alpha.get_absolute_url()).content.decode()


def test_looking_at_an_address_archives_nothing(world: World, client: Client) -> None:
    need = make_need(world.alpha)
    client.force_login(world.manager)
    assert client.get(url("statement-archive", "need", need.pk)).status_code == 405
    need.refresh_from_db()
    assert need.status == "published"


def test_expired_entry_is_flagged_and_extended(world: World, client: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    offer = make_offer(world.alpha, valid_until=yesterday)
    client.force_login(world.manager)
    extend = url("statement-extend", "offer", offer.pk)
    assert extend in client.get(url("statement-list")).content.decode()
    client.post(extend)
    offer.refresh_from_db()
    assert offer.valid_until
    assert offer.valid_until > timezone.localdate()
    assert extend not in client.get(url("statement-list")).content.decode()


def test_verbs_refuse_what_makes_no_sense(world: World) -> None:
    need = make_need(world.alpha)
    with pytest.raises(DomainError):
        restore_statement(user=world.manager, entry=need)
    with pytest.raises(DomainError):
        extend_statement(user=world.manager, entry=need)
    archive_statement(user=world.manager, entry=need)
    with pytest.raises(DomainError):
        archive_statement(user=world.manager, entry=need)


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_others_cannot_touch_an_entry(world: World, client: Client, who: str) -> None:
    need = make_need(world.alpha)
    client.force_login(getattr(world, who))
    for verb in ("archive", "restore", "extend"):
        assert client.post(url(f"statement-{verb}", "need", need.pk)).status_code == 403
    assert client.get(url("statement-edit", "need", need.pk)).status_code == 403


def test_entry_of_another_cluster_does_not_exist(world: World, client: Client) -> None:
    need = make_need(world.beta)
    client.force_login(world.manager)
    assert client.post(url("statement-archive", "need", need.pk)).status_code == 404


def test_past_end_date_is_refused_in_plain_words(world: World, client: Client) -> None:
    client.force_login(world.manager)
    data = {**ENTRY, "valid_until": "2001-01-01"}
    page = client.post(url("statement-create", "offer"), data)
    assert page.context["form"].errors["valid_until"]


def test_terms_the_form_does_not_offer_survive(world: World, client: Client) -> None:
    hidden, shown = make_term("ecosystem"), make_term("technology")
    need = make_need(world.alpha, terms=[hidden])
    client.force_login(world.manager)
    address = url("statement-edit", "need", need.pk)
    version = client.get(address).context["form"]["version"].value()
    client.post(address, {**ENTRY, "terms": [shown.pk], "version": version, "save": "1"})
    assert ChangeRequest.objects.get().values["terms"] == sorted([hidden.pk, shown.pk])


def test_list_costs_the_same_for_2_and_20_entries(world: World, client: Client) -> None:
    client.force_login(world.manager)
    client.get(url("statement-list"))
    counts = []
    for number in (2, 18):
        for _ in range(number):
            make_need(world.alpha, terms=[make_term()], stage=make_term("stage"))
            make_offer(world.alpha)
        with CaptureQueriesContext(connection) as queries:
            client.get(url("statement-list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
