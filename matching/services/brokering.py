"""What staff does for an introduction: propose it, write the joint mail, propose dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from matching import mails
from matching.choices import IntroductionOrigin
from matching.introducing.contacts import is_reachable
from matching.models import Appointment, Introduction
from matching.services.introductions import ANSWER_WITHIN, check_pair, grounds_of, lock_pair

if TYPE_CHECKING:
    from accounts.models import User
    from clusters.models import Cluster

DATES_AT_MOST: Final = 3


@transaction.atomic
def propose_introduction(*, user: User, one: Cluster, other: Cluster, message: str) -> Introduction:
    """Propose a talk to two clusters as the moderator; both must agree.

    :raises DomainError: when one of them cannot be asked, or they are in talks already.
    """
    one, other = lock_pair(one, other)
    check_pair(one, other)
    check_pair(other, one)
    if not is_reachable(one):
        raise DomainError(
            _("Nobody answers for %(cluster)s in the portal yet.") % {"cluster": one},
            code="no_manager",
        )
    if Introduction.objects.of_pair(one.pk, other.pk).open().exists():
        raise DomainError(_("There is an open introduction of these two already."), code="open")
    now = timezone.now()
    introduction: Introduction = Introduction.objects.create(
        asker=one,
        partner=other,
        origin=IntroductionOrigin.STAFF,
        message=message.strip(),
        grounds=grounds_of(one, other),
        asked_by=user,
        asked_at=now,
        expires_at=now + ANSWER_WITHIN,
    )
    for cluster in (one, other):
        mails.introduction_asked(introduction, cluster)
    return introduction


@transaction.atomic
def send_joint_mail(
    *,
    user: User,
    introduction: Introduction,
    text_de: str,
    text_en: str,
    starts: Sequence[datetime] = (),
    minutes: int = 30,
    place: str = "",
) -> Introduction:
    """Write to both sides in one voice, with dates to choose from; may be sent again.

    New dates replace those nobody has confirmed.

    :raises DomainError: when not both have agreed, or a date lies in the past.
    """
    introduction = _locked(introduction)
    _check_agreed(introduction)
    introduction.text_de, introduction.text_en = text_de.strip(), text_en.strip()
    introduction.mailed_at = timezone.now()
    introduction.save(update_fields=["text_de", "text_en", "mailed_at"])
    if starts:
        _replace_dates(introduction, starts, minutes, place)
    mails.introduction_agreed(introduction)
    return introduction


@transaction.atomic
def propose_dates(
    *,
    user: User,
    introduction: Introduction,
    cluster: Cluster | None,
    starts: Sequence[datetime],
    minutes: int = 30,
    place: str = "",
) -> list[Appointment]:
    """Propose dates for the talk, as a side (whom they suit) or as staff; the others get a mail.

    :raises DomainError: when not both have agreed, or a date lies in the past.
    """
    introduction = _locked(introduction)
    _check_agreed(introduction)
    dates = _replace_dates(introduction, starts, minutes, place)
    if cluster is not None:
        side = introduction.side_of(cluster.pk)
        introduction.appointments.filter(confirmed_at=None).update(**{f"{side}_fits": True})
    mails.dates_proposed(introduction, by=cluster)
    return dates


@transaction.atomic
def choose_dates(
    *, user: User, introduction: Introduction, cluster: Cluster, fitting: set[int]
) -> Appointment | None:
    """Say which dates suit a side; the first that suits both is confirmed by mail to both.

    Returns the confirmed date, if there is one now.

    :raises DomainError: when there is nothing to choose from.
    """
    introduction = _locked(introduction)
    dates = list(introduction.appointments.select_for_update())
    if any(date.confirmed_at for date in dates):
        raise DomainError(_("A date is fixed already."), code="confirmed")
    if not dates:
        raise DomainError(_("No dates are proposed."), code="none")
    side = introduction.side_of(cluster.pk)
    for date in dates:
        setattr(date, f"{side}_fits", date.pk in fitting)
        date.save()
    now = timezone.now()
    for date in dates:
        if date.asker_fits and date.partner_fits and date.starts_at > now:
            date.confirmed_at = now
            date.save(update_fields=["confirmed_at"])
            mails.date_confirmed(introduction, date)
            return date
    return None


def _replace_dates(
    introduction: Introduction, starts: Sequence[datetime], minutes: int, place: str
) -> list[Appointment]:
    if any(moment <= timezone.now() for moment in starts):
        raise DomainError(_("Please choose dates in the future."), code="past")
    introduction.appointments.filter(confirmed_at=None).delete()
    known = set(introduction.appointments.values_list("starts_at", flat=True))
    rows = [
        Appointment(
            introduction=introduction,
            starts_at=moment,
            ends_at=moment + timedelta(minutes=minutes),
            place=place.strip(),
        )
        for moment in sorted(set(starts) - known)[:DATES_AT_MOST]
    ]
    return list(Appointment.objects.bulk_create(rows))


def _check_agreed(introduction: Introduction) -> None:
    if not (introduction.is_agreed and introduction.is_open):
        raise DomainError(_("Not both sides have agreed to this introduction."), code="state")


def _locked(introduction: Introduction) -> Introduction:
    found: Introduction = (
        Introduction.objects.select_for_update(of=("self",))
        .select_related("asker", "partner")
        .get(pk=introduction.pk)
    )
    return found
