"""Teams proposed for a call."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster
from matching.choices import Audience, ProposalState
from matching.models.calls import ConsortiumCall
from matching.models.weights import Weights
from matching.querysets import ProposalQuerySet, TeamQuerySet


class TeamProposal(models.Model):
    """One computation for a call: asked for by a person, done by a worker.

    ``figures`` holds what the page tells about it: how far it is, what is missing and what would
    help, the proven bound and what is left to it, and the size of the search.
    """

    call = models.ForeignKey(ConsortiumCall, on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState, default=ProposalState.WAITING
    )
    audience = models.CharField(max_length=10, choices=Audience)
    weights = models.ForeignKey(Weights, on_delete=models.PROTECT, null=True, related_name="+")
    inputs_hash = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)
    figures = models.JSONField(default=dict, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal of teams")
        verbose_name_plural = _("proposals of teams")
        ordering = ("-id",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "call",
                name="proposal_one_unfinished",
                condition=models.Q(state__in=[ProposalState.WAITING, ProposalState.RUNNING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.get_state_display()}"


class Team(models.Model):
    """One team of a proposal, or a working list that outlives it.

    ``value`` is what the solver maximised, ``bound`` what no team can pass; both in its own units.
    """

    call = models.ForeignKey(ConsortiumCall, on_delete=models.CASCADE, related_name="teams")
    proposal = models.ForeignKey(
        TeamProposal, on_delete=models.SET_NULL, null=True, blank=True, related_name="teams"
    )
    rank = models.PositiveSmallIntegerField()
    value = models.FloatField(default=0)
    bound = models.FloatField(default=0)
    kept_at = models.DateTimeField(_("kept"), null=True, blank=True)
    is_changed = models.BooleanField(_("changed by hand"), default=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("rank", "id")

    def __str__(self) -> str:
        return f"{self.call}: {self.rank}"


class TeamMember(models.Model):
    """An organisation in a team, and those that could take its place.

    ``facts`` is what is known about it for this call (``matching.consortia.facts``), without any
    quoted text: entries are read again when a page shows them. ``replacements`` holds the same
    for others, best first.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    cluster = models.ForeignKey(Cluster, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    is_lead = models.BooleanField(_("leads the team"), default=False)
    facts = models.JSONField(default=dict, blank=True)
    replacements = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("member of a team")
        verbose_name_plural = _("members of a team")
        ordering = ("position", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("team", "cluster", name="team_member_once"),
        ]

    def __str__(self) -> str:
        return str(self.cluster)
