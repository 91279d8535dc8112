"""What waits for staff: changes by managers, applications of new clusters."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.choices import ChangeTarget, ClusterKind, ReviewState
from clusters.models.cluster import Cluster
from clusters.models.statement import Need, Offer
from clusters.models.taxonomy import District, InnovationField
from clusters.querysets import ChangeRequestQuerySet, ReviewQuerySet
from core.models import Timestamped


class Reviewed(Timestamped):
    """Rows staff decides on."""

    state = models.CharField(
        _("state"), max_length=20, choices=ReviewState, default=ReviewState.DRAFT
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        abstract = True


class ChangeRequest(Reviewed):
    """A manager's wish to change the profile, a need or an offer.

    ``values`` holds the wished values by field name; ``before`` what stood there when it was
    submitted, so that the diff staff decides on stays readable afterwards. Without ``need`` or
    ``offer`` a request for one of these asks for a new entry.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="change_requests")
    target = models.CharField(_("about"), max_length=10, choices=ChangeTarget)
    need = models.ForeignKey(
        Need, on_delete=models.CASCADE, null=True, blank=True, related_name="change_requests"
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.CASCADE, null=True, blank=True, related_name="change_requests"
    )
    values = models.JSONField(default=dict)
    before = models.JSONField(default=dict, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        ordering = ("submitted_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(
                    models.Q(target=ChangeTarget.PROFILE, need=None, offer=None)
                    | models.Q(target=ChangeTarget.NEED, offer=None)
                    | models.Q(target=ChangeTarget.OFFER, need=None)
                ),
                name="change_request_one_target",
            ),
            models.UniqueConstraint(
                fields=["cluster"],
                condition=models.Q(
                    target=ChangeTarget.PROFILE,
                    state__in=[
                        ReviewState.DRAFT,
                        ReviewState.SUBMITTED,
                        ReviewState.CHANGES_REQUESTED,
                    ],
                ),
                name="change_request_one_open_profile",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cluster}: {self.get_target_display()}"

    @property
    def is_open(self) -> bool:
        """Not decided yet, wherever it lies."""
        return self.state not in {ReviewState.ACCEPTED, ReviewState.DECLINED}

    @property
    def has_entry(self) -> bool:
        """Whether it is about a need or offer that exists already."""
        return self.need_id is not None or self.offer_id is not None


class Application(Reviewed):
    """A cluster that would like to join. Personal data leaves with ``purge_at``."""

    name = models.CharField(_("name of the cluster"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=ClusterKind)
    website = models.URLField(_("website"), blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    innovation_fields = models.ManyToManyField(InnovationField, blank=True, related_name="+")
    profile = models.TextField(_("what the cluster does"))
    motivation = models.TextField(_("what you expect from the dialogue"), blank=True)
    contact_name = models.CharField(_("your name"), max_length=150)
    contact_email = models.EmailField(_("your e-mail address"))
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default="de"
    )
    cluster = models.OneToOneField(
        Cluster, on_delete=models.SET_NULL, null=True, blank=True, related_name="application"
    )
    purge_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ("submitted_at", "id")

    def __str__(self) -> str:
        return self.name
