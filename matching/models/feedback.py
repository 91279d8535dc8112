"""What managers say about suggestions, and the mails that bring new ones."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from matching.choices import FeedbackKind, FeedbackReason
from matching.querysets.feedback import DigestQuerySet, FeedbackQuerySet


class Feedback(models.Model):
    """What ``cluster`` says about ``partner`` as a suggestion; it outlives the round.

    Until the day ``until`` the partner is hidden from the cluster's list. Wrong data hide nobody.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="feedback_given")
    partner = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=FeedbackKind)
    reason = models.CharField(_("reason"), max_length=12, choices=FeedbackReason, blank=True)
    text = models.CharField(_("in your words"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("said"), db_default=Now())
    until = models.DateField(_("hidden until"), null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ("-at",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("cluster", "partner", "kind", name="feedback_once_a_kind"),
            models.CheckConstraint(
                condition=~models.Q(cluster=models.F("partner")), name="feedback_on_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster} → {self.partner}: {self.get_kind_display()}"


class DigestSubscription(models.Model):
    """A person's wish to get new suggestions by mail, at most weekly."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="suggestion_digest"
    )
    since = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = DigestQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.user)


class DigestEntry(models.Model):
    """A suggestion that stood in a person's digest, so that it is not new a second time."""

    subscription = models.ForeignKey(
        DigestSubscription, on_delete=models.CASCADE, related_name="entries"
    )
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("subscription", "cluster", "partner", name="digest_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cluster_id} → {self.partner_id}"


class SuggestedPair(models.Model):
    """Two clusters that have been suggested to each other, and since when: rounds are not kept.

    ``first`` has the lower id.
    """

    first = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    since = models.DateField(db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("first", "second", name="suggested_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="suggested_pair_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}"
