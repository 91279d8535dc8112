"""The admin of the clusters app opens, and keeps search in step."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from clusters.models import Cluster
from clusters.signals import profile_changed
from tests.conftest import World
from tests.factories import make_need, make_term

MODELS = sorted(
    model._meta.model_name or ""
    for model in admin.site._registry
    if model._meta.app_label == "clusters"
)


@pytest.fixture
def operator(world: World, client: Client) -> Client:
    client.force_login(User.objects.create_superuser("operator@portal.example", "x"))
    return client


@pytest.mark.parametrize("model", MODELS)
def test_list_opens_and_searches(operator: Client, model: str) -> None:
    url = reverse(f"admin:clusters_{model}_changelist")
    assert operator.get(url, {"q": "Alpha"}).status_code == 200


def test_rows_open(world: World, operator: Client) -> None:
    rows = {"cluster": world.alpha, "need": make_need(world.alpha), "term": make_term()}
    for model, row in rows.items():
        assert (
            operator.get(reverse(f"admin:clusters_{model}_change", args=[row.pk])).status_code
            == 200
        )


def form_values(page: Any) -> dict[str, Any]:
    """What a browser would send back untouched."""
    forms = [page.context["adminform"].form]
    for wrapped in page.context["inline_admin_formsets"]:
        forms += [wrapped.formset.management_form, *wrapped.formset.forms]
    data = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value or (value == 0 and value is not False):
                data[field.html_name] = getattr(value, "pk", value)
    return data


def test_saved_cluster_is_found_by_its_new_words(world: World, operator: Client) -> None:
    heard: list[int] = []

    def listen(sender: object, cluster_id: int, **kwargs: object) -> None:
        heard.append(cluster_id)

    url = reverse("admin:clusters_cluster_change", args=[world.alpha.pk])
    data = {**form_values(operator.get(url)), "profile_de": "Wir bauen Quantenkaskaden."}
    data.update({f"{name}-TOTAL_FORMS": "0" for name in ("facts", "labels", "memberships")})
    data.update({f"{name}-INITIAL_FORMS": "0" for name in ("facts", "labels", "memberships")})
    profile_changed.connect(listen)
    try:
        answer = operator.post(url, data)
    finally:
        profile_changed.disconnect(listen)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert Cluster.objects.get(pk=world.alpha.pk).profile_de == "Wir bauen Quantenkaskaden."
    page = operator.get(reverse("clusters:cluster-list"), {"q": "Quantenkaskaden"})
    assert "Alpha" in page.content.decode()
    assert heard == [world.alpha.pk]


def test_decisions_cannot_be_made_behind_the_queue(operator: Client) -> None:
    for model in ("changerequest", "application", "membershipinvitation", "document"):
        assert operator.get(reverse(f"admin:clusters_{model}_add")).status_code == 403
