"""Cross-cluster topics: proposed by one, endorsed by many."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster, InnovationField, Term
from core.models import Searchable, Timestamped
from topics.choices import ActionState, Potential, TopicStatus
from topics.querysets import ENDORSABLE, PUBLIC_STATUSES, EndorsementQuerySet, TopicQuerySet


class Topic(Searchable, Timestamped):
    """A theme several clusters may want to work on together."""

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("why it matters"), blank=True)
    wanted = models.TextField(_("what is needed from others"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=TopicStatus, default=TopicStatus.DRAFT
    )
    status_reason = models.TextField(_("reason"), blank=True)
    proposed_by = models.ForeignKey(
        Cluster,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposed_topics",
        verbose_name=_("proposed by"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    terms = models.ManyToManyField(Term, blank=True, related_name="topics", verbose_name=_("terms"))
    innovation_fields = models.ManyToManyField(
        InnovationField, blank=True, related_name="topics", verbose_name=_("innovation fields")
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged_topics"
    )
    sources = models.JSONField(default=dict, blank=True)
    is_example = models.BooleanField(_("example"), default=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = TopicQuerySet.as_manager()

    class Meta(Searchable.Meta, Timestamped.Meta):
        abstract = False
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("title",)
        indexes: ClassVar[list[models.Index]] = list(Searchable.Meta.indexes)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topics:topic-detail", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.status in PUBLIC_STATUSES

    @property
    def is_endorsable(self) -> bool:
        """Whether clusters may give their voice at present."""
        return self.status in ENDORSABLE

    @property
    def only_language(self) -> str:
        """The language the texts are in, where they are in one language only; else empty."""
        in_german, in_english = bool(self.title_de), bool(self.title_en)  # type: ignore[attr-defined]
        if in_german and in_english:
            return ""
        return "de" if in_german else "en"


class Endorsement(Timestamped):
    """One cluster's voice for a topic. One cluster, one voice."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="endorsements")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="endorsements")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    short_term = models.PositiveSmallIntegerField(
        _("short-term potential"), choices=Potential, default=Potential.MEDIUM
    )
    mid_term = models.PositiveSmallIntegerField(
        _("mid-term potential"), choices=Potential, default=Potential.MEDIUM
    )
    contribution = models.TextField(_("what we would contribute"), blank=True)
    is_public = models.BooleanField(_("visible to everybody"), default=True)
    is_example = models.BooleanField(_("example"), default=False)

    objects = EndorsementQuerySet.as_manager()

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("topic", "cluster", name="endorsement_one_voice"),
        ]

    def __str__(self) -> str:
        return f"{self.cluster}: {self.topic}"


class TopicFollow(models.Model):
    """A person who wants to hear about a topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="follows")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="topic_follows"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("followed topic")
        verbose_name_plural = _("followed topics")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("topic", "user", name="topic_follow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.topic}"


class ActionItem(Timestamped):
    """A next step of a topic and who takes it."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="action_items")
    title = models.CharField(_("next step"), max_length=200)
    owner = models.ForeignKey(
        Cluster, on_delete=models.SET_NULL, null=True, blank=True, related_name="action_items"
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ActionState, default=ActionState.OPEN
    )
    is_example = models.BooleanField(_("example"), default=False)

    class Meta:
        verbose_name = _("next step")
        verbose_name_plural = _("next steps")
        ordering = ("due_on", "id")

    def __str__(self) -> str:
        return self.title
