from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.choices import Confidentiality
from clusters.models.cluster import Cluster
from clusters.querysets import DocumentQuerySet
from core.uploads import DocumentUpload


class Document(models.Model):
    """A file a cluster offers for download, checked by content when it arrives."""

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(_("title"), max_length=160)
    file = DocumentUpload(_("file"), upload_to="documents")
    confidentiality = models.CharField(
        _("who may read this"),
        max_length=10,
        choices=Confidentiality,
        default=Confidentiality.PUBLIC,
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("title",)

    def __str__(self) -> str:
        return self.title
