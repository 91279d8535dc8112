"""Vectors of texts: what a text model made of a need, an offer, a profile or a topic."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _
from pgvector.django import VectorField

from clusters.models import Cluster, Need, Offer
from matching.choices import DIMENSIONS
from matching.querysets import TextVectorQuerySet
from topics.models import Topic


class TextVector(models.Model):
    """The unit vector of one text in both its languages; it is deleted with its text.

    A vector may tell about its text, so it is read for readers of the text only.
    ``text_hash`` is the digest of the text as PostgreSQL makes it (``matching.vectors.texts``),
    ``model`` name and version of what made the vector; where either differs, it is stale.

    There is no index on the vectors: pages and rounds compare one text, or all, with all others
    exactly. An approximate index would lose answers and save nothing at this size.
    """

    need = models.OneToOneField(
        Need, on_delete=models.CASCADE, null=True, blank=True, related_name="vector"
    )
    offer = models.OneToOneField(
        Offer, on_delete=models.CASCADE, null=True, blank=True, related_name="vector"
    )
    cluster = models.OneToOneField(
        Cluster, on_delete=models.CASCADE, null=True, blank=True, related_name="vector"
    )
    topic = models.OneToOneField(
        Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="vector"
    )
    text_hash = models.CharField(max_length=64)
    model = models.CharField(max_length=80)
    vector = VectorField(dimensions=DIMENSIONS)
    computed_at = models.DateTimeField(_("computed"), db_default=Now())

    objects = TextVectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("vector of a text")
        verbose_name_plural = _("vectors of texts")
        ordering = ("id",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Exact(
                    models.Func(
                        "need",
                        "offer",
                        "cluster",
                        "topic",
                        function="num_nonnulls",
                        output_field=models.IntegerField(),
                    ),
                    models.Value(1),
                ),
                name="text_vector_of_one_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} ({self.model})"
