"""Uploads are judged by what is in them, not by what they are called."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from clusters.choices import ReviewState
from clusters.models import ChangeRequest, Document
from clusters.services import changes
from tests.conftest import World


def picture(size: tuple[int, int] = (40, 40), kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, format=kind)
    return out.getvalue()


def post_logo(client: Client, content: bytes, name: str = "logo.png", **more: str) -> Any:
    url = reverse("clusters:cluster-edit", args=["alpha"])
    form = client.get(url).context["form"]
    data = {f.html_name: f.value() for f in form if f.value() not in (None, "", False)}
    data["logo"] = SimpleUploadedFile(name, content)
    return client.post(url, {**data, **more})


@pytest.fixture
def manager(world: World, client: Client) -> Client:
    client.force_login(world.manager)
    return client


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + b"\0" * 40,
        b"<html><script>alert(1)</script></html>",
        picture() + b"0" * (2 * 1024 * 1024),
    ],
)
def test_what_is_no_small_picture_is_refused(world: World, manager: Client, content: bytes) -> None:
    page = post_logo(manager, content)
    assert page.status_code == 200
    assert page.context["form"].errors["logo"]
    assert not ChangeRequest.objects.exists()


def test_logo_is_drawn_anew_and_hidden_until_accepted(world: World, manager: Client) -> None:
    hidden = b"<script>alert(1)</script>"
    assert post_logo(manager, picture() + hidden).status_code == 302
    change = ChangeRequest.objects.get()
    name = change.values["logo"]
    assert name.startswith("logos/")
    assert hidden not in default_storage.open(name).read()
    world.alpha.refresh_from_db()
    assert not world.alpha.logo
    url = reverse("clusters:change-logo", args=["alpha", change.pk])
    answer = manager.get(url)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    outsider = Client()
    outsider.force_login(world.outsider)
    assert outsider.get(url).status_code == 403
    assert Client().get(url).status_code == 302


def test_accepted_logo_replaces_the_old_file(
    world: World, manager: Client, django_capture_on_commit_callbacks: Any
) -> None:
    names = []
    for _ in range(2):
        post_logo(manager, picture())
        change = changes.submit_change(user=world.manager, change=draft())
        with django_capture_on_commit_callbacks(execute=True):
            changes.accept_change(user=world.staff, change=change)
        world.alpha.refresh_from_db()
        names.append(str(world.alpha.logo.name))
    assert names[0] != names[1]
    assert not default_storage.exists(names[0])
    assert default_storage.exists(names[1])


def draft() -> ChangeRequest:
    change: ChangeRequest = ChangeRequest.objects.get(state=ReviewState.DRAFT)
    return change


def test_discarded_draft_leaves_no_file(
    world: World, manager: Client, django_capture_on_commit_callbacks: Any
) -> None:
    post_logo(manager, picture())
    change = draft()
    name = change.values["logo"]
    assert default_storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        changes.discard_change(user=world.manager, change=change)
    assert not default_storage.exists(name)


def test_refused_save_leaves_no_file(world: World, manager: Client) -> None:
    folder = set(default_storage.listdir("logos")[1]) if default_storage.exists("logos") else set()
    page = post_logo(manager, picture(), version="outdated")
    assert page.status_code == 200
    now = set(default_storage.listdir("logos")[1]) if default_storage.exists("logos") else set()
    assert now == folder


@pytest.mark.parametrize(
    "content",
    [b"MZ" + b"\0" * 50, b"%PDF-1.4 /JavaScript (x)", b"%PDF-1.4" + b"0" * (10 * 1024 * 1024)],
)
def test_document_that_is_no_harmless_pdf_is_refused(manager: Client, content: bytes) -> None:
    page = manager.post(
        reverse("clusters:document-list", args=["alpha"]),
        {
            "title": "x",
            "confidentiality": "public",
            "file": SimpleUploadedFile("x.pdf", content, content_type="application/pdf"),
        },
    )
    assert page.context["form"].errors["file"]
    assert not Document.objects.exists()
