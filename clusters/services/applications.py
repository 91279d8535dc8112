"""New clusters: applying, and what staff decides."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from clusters import mails
from clusters.choices import ClusterStatus, LocationStatus, ReviewState, Role
from clusters.models import Application, Cluster, InnovationField
from clusters.search import refresh_clusters
from clusters.services.members import invite_member
from clusters.signals import profile_changed
from clusters.tokens import make_application_token
from core.errors import DomainError
from core.slugs import free_slug, slug_of

KEEP_DECIDED = timedelta(days=180)
"""How long a decided application is kept, so that questions about it can be answered."""
KEEP_UNANSWERED = timedelta(days=365)
"""How long an application waits for the applicant's answer."""
# Words that stand where the slug of a cluster stands in addresses.
_RESERVED = {"apply", "new", "edit"}


@transaction.atomic
def submit_application(
    *, values: dict[str, Any], innovation_fields: Iterable[InnovationField], language: str
) -> Application:
    """Take in the wish of a cluster to join and confirm it by mail.

    ``values`` are columns of ``Application`` the applicant fills in; ``language`` is theirs.
    """
    application: Application = Application.objects.create(
        **values,
        language=language,
        state=ReviewState.SUBMITTED,
        submitted_at=timezone.now(),
        purge_at=timezone.now() + KEEP_UNANSWERED,
    )
    application.innovation_fields.set(innovation_fields)
    mails.application_moved(application)
    return application


@transaction.atomic
def submit_application_again(
    *,
    application: Application,
    values: dict[str, Any],
    innovation_fields: Iterable[InnovationField],
) -> Application:
    """Hand a changed application back to staff.

    :raises DomainError: when staff is not waiting for changes of it.
    """
    application = _locked(application, ReviewState.CHANGES_REQUESTED)
    for name, value in values.items():
        setattr(application, name, value)
    application.state = ReviewState.SUBMITTED
    application.submitted_at = timezone.now()
    application.purge_at = timezone.now() + KEEP_UNANSWERED
    application.save()
    application.innovation_fields.set(innovation_fields)
    mails.application_moved(application)
    return application


@transaction.atomic
def accept_application(*, user: User, application: Application) -> Cluster:
    """Take the cluster in: publish what it says and invite its contact as first manager.

    :raises DomainError: when the application waits for nothing.
    """
    application = _locked(application, ReviewState.SUBMITTED)
    cluster = _found(application)
    application.cluster = cluster
    _decide(application, user, ReviewState.ACCEPTED)
    invite_member(
        cluster=cluster,
        email=application.contact_email,
        role=Role.MANAGER,
        language=application.language,
        invited_by=user,
    )
    mails.application_moved(application)
    profile_changed.send(sender=Cluster, cluster_id=cluster.pk)
    return cluster


@transaction.atomic
def decline_application(*, user: User, application: Application, reason: str) -> Application:
    """Decline with a reason, which is mailed.

    :raises DomainError: when the application waits for nothing, or without a reason.
    """
    application = _locked(application, ReviewState.SUBMITTED)
    _decide(application, user, ReviewState.DECLINED, _given(reason))
    mails.application_moved(application)
    return application


@transaction.atomic
def request_application_changes(
    *, user: User, application: Application, reason: str
) -> Application:
    """Ask the applicant for more; the mail holds the question and a link to change the entries.

    :raises DomainError: when the application waits for nothing, or without a question.
    """
    application = _locked(application, ReviewState.SUBMITTED)
    _decide(application, user, ReviewState.CHANGES_REQUESTED, _given(reason))
    mails.application_moved(application, make_application_token(application.pk))
    return application


def purge_applications() -> int:
    """Delete applications whose time is over, with the personal data in them.

    Clusters made from them stay. Returns how many were deleted.
    """
    deleted, __ = Application.objects.filter(purge_at__lt=timezone.now()).delete()
    return deleted


def _locked(application: Application, state: ReviewState) -> Application:
    """Lock the application in the state a verb needs."""
    locked: Application = Application.objects.select_for_update().get(pk=application.pk)
    if locked.state != state:
        raise DomainError(
            _("This application was decided in the meantime: %(state)s.")
            % {"state": locked.get_state_display()},
            code="state",
        )
    return locked


def _given(reason: str) -> str:
    if not reason.strip():
        raise DomainError(_("Write a reason; it is mailed to the applicant."), field="reason")
    return reason.strip()


def _decide(application: Application, user: User, state: ReviewState, reason: str = "") -> None:
    application.state = state
    application.reason = reason
    application.decided_by = user
    application.decided_at = timezone.now()
    open_still = state == ReviewState.CHANGES_REQUESTED
    application.purge_at = timezone.now() + (KEEP_UNANSWERED if open_still else KEEP_DECIDED)
    application.save()


def _found(application: Application) -> Cluster:
    """Make the cluster an application describes, in the language it was written in."""
    marker = f"cluster:{timezone.localdate().isoformat()}"
    names = ("name", "kind", "website", "city", "district", "innovation_fields")
    is_located = bool(application.city or application.district_id)
    cluster: Cluster = Cluster.objects.create(
        slug=_free_slug(application.name),
        name=application.name,
        kind=application.kind,
        status=ClusterStatus.PUBLISHED,
        published_at=timezone.now(),
        website=application.website,
        city=application.city,
        district=application.district,
        location_status=LocationStatus.WEAK if is_located else LocationStatus.UNKNOWN,
        sources={
            **{name: [marker] for name in names},
            f"profile_{application.language}": [marker],
        },
        **{f"profile_{application.language}": application.profile},
    )
    cluster.innovation_fields.set(application.innovation_fields.all())
    refresh_clusters([cluster.pk])
    return cluster


def _free_slug(name: str) -> str:
    """Return a slug no cluster has and no page of its own stands under."""
    base = slug_of(name.replace(".", "-"), length=70) or "cluster"
    return free_slug(base, Cluster.objects.all(), reserved=_RESERVED)
