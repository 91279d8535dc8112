"""Files for download: who may add, delete and read them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from clusters.models import Document
from clusters.services.documents import DOCUMENTS_MAX, delete_document
from tests.conftest import World

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF"


def upload(client: Client, content: bytes = PDF, level: str = "public", title: str = "Bericht"):  # type: ignore[no-untyped-def]
    return client.post(
        reverse("clusters:document-list", args=["alpha"]),
        {
            "title": title,
            "confidentiality": level,
            "file": SimpleUploadedFile("../../evil name.pdf", content),
        },
    )


def test_manager_adds_a_document_under_a_name_of_ours(world: World, client: Client) -> None:
    client.force_login(world.manager)
    assert upload(client).status_code == 302
    document = Document.objects.get()
    assert document.uploaded_by == world.manager
    assert document.file.name.startswith("documents/")
    assert "evil" not in str(document.file.name)
    assert document.file.read() == PDF


def test_confidential_document_is_kept_from_visitors(world: World, client: Client) -> None:
    client.force_login(world.manager)
    upload(client, level="staff")
    document = Document.objects.get()
    url = reverse("clusters:cluster-document", args=["alpha", document.pk])
    assert client.get(url).status_code == 200
    assert Client().get(url).status_code == 404
    client.force_login(world.outsider)
    assert client.get(url).status_code == 404


def test_deleting_asks_first_and_takes_the_file_along(
    world: World, client: Client, django_capture_on_commit_callbacks: object
) -> None:
    client.force_login(world.manager)
    upload(client)
    document = Document.objects.get()
    storage, name = document.file.storage, document.file.name
    url = reverse("clusters:document-delete", args=["alpha", document.pk])
    assert client.get(url).status_code == 200
    assert Document.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        client.post(url)
    assert not Document.objects.exists()
    assert not storage.exists(str(name))


@pytest.mark.parametrize("who", ["member", "outsider"])
def test_others_neither_add_nor_delete(world: World, client: Client, who: str) -> None:
    client.force_login(world.manager)
    upload(client)
    document = Document.objects.get()
    client.force_login(getattr(world, who))
    assert upload(client).status_code == 403
    url = reverse("clusters:document-delete", args=["alpha", document.pk])
    assert client.post(url).status_code == 403
    assert Document.objects.count() == 1


def test_a_cluster_has_room_for_some_documents_only(world: World, client: Client) -> None:
    Document.objects.bulk_create(
        Document(cluster=world.alpha, title=str(n), file="documents/x.pdf")
        for n in range(DOCUMENTS_MAX)
    )
    client.force_login(world.manager)
    page = upload(client)
    assert page.context["form"].non_field_errors()
    delete_document(user=world.manager, document=Document.objects.all()[0])
    assert upload(client).status_code == 302
