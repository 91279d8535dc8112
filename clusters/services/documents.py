"""Files a cluster offers for download."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from clusters.models import Cluster, Document
from core.errors import DomainError
from core.uploads import delete_with_file

if TYPE_CHECKING:
    from accounts.models import User

DOCUMENTS_MAX = 20


@transaction.atomic
def add_document(
    *, user: User, cluster: Cluster, title: str, file: File[bytes], confidentiality: str
) -> Document:
    """Store a checked file; only its name on the page is the sender's.

    :raises DomainError: when the cluster has as many documents as it may.
    """
    Cluster.objects.select_for_update().get(pk=cluster.pk)
    if cluster.documents.count() >= DOCUMENTS_MAX:
        raise DomainError(
            _("A cluster may offer %(number)d documents. Please delete one first.")
            % {"number": DOCUMENTS_MAX}
        )
    return Document.objects.create(
        cluster=cluster,
        title=title,
        file=file,
        confidentiality=confidentiality,
        uploaded_by=user,
    )


@transaction.atomic
def delete_document(*, user: User, document: Document) -> None:
    """Delete a document and, once that is certain, its file."""
    delete_with_file(document)
