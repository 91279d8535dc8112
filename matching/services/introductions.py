"""Asking for an introduction and answering it.

Nothing one side does alone shows to the other before both have agreed: a decline is noted beside
the state, which goes on as with silence (``introduction_times``).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from clusters.models import Cluster, Membership
from core.errors import DomainError
from matching import mails
from matching.choices import (
    Audience,
    FeedbackKind,
    IntroductionOrigin,
    IntroductionState,
    SideAnswer,
)
from matching.introducing.contacts import is_reachable
from matching.models import Feedback, Introduction, Suggestion
from matching.services.feedback import say

if TYPE_CHECKING:
    from accounts.models import User

ANSWER_WITHIN: Final = timedelta(days=21)
MORE_TIME: Final = timedelta(days=14)
ASKED_AT_MOST: Final = 5
"""Open requests a cluster may have at a time: few and concrete ones get answers."""
ASK_AGAIN_AFTER: Final = timedelta(days=182)
ASK_AGAIN_WITHDRAWN: Final = timedelta(days=30)
FIRST_FOLLOW_UP: Final = timedelta(days=91)
LONGEST_MESSAGE: Final = 1500


@transaction.atomic
def ask_introduction(*, user: User, asker: Cluster, partner: Cluster, message: str) -> Introduction:
    """Ask a cluster for a talk on behalf of another one.

    Where the other side has asked already, this is the second yes: both get to know each other
    at once.

    :raises DomainError: when the request cannot be made now, with the reason and what to do.
    """
    asker, partner = lock_pair(asker, partner)
    check_pair(asker, partner)
    if Membership.objects.managers().filter(user=user, cluster=partner).exists():
        raise DomainError(_("You manage both clusters, so no introduction is needed."))
    pair = Introduction.objects.of_pair(asker.pk, partner.pk).select_for_update(of=("self",))
    now = timezone.now()
    running: Introduction | None = pair.open().select_related("asker", "partner").first()
    if running is not None and running.state == IntroductionState.ASKED:
        if running.expires_at <= now:
            _end(running, now)
        else:
            return _second_yes(running, user, asker, message, now)
    elif running is not None:
        message = _("You have been introduced already. You find the contact on your page.")
        raise DomainError(message, code="introduced")
    _check_not_too_soon(pair, asker, now)
    _check_limit(asker)
    introduction: Introduction = Introduction.objects.create(
        asker=asker,
        partner=partner,
        message=_shortened(message),
        grounds=grounds_of(asker, partner),
        asked_by=user,
        asked_at=now,
        expires_at=now + ANSWER_WITHIN,
        asker_answer=SideAnswer.AGREED,
        asker_answered_at=now,
        asker_person=user,
    )
    mails.introduction_asked(introduction, partner)
    return introduction


@transaction.atomic
def answer_introduction(
    *, user: User, introduction: Introduction, cluster: Cluster, agree: bool, words: str = ""
) -> Introduction:
    """Agree or decline for one side; until the end a side may change its mind.

    ``words`` go to the other side with a yes; with a no they are for staff only.

    :raises DomainError: when it is no longer asked, or a profile is not public at the moment.
    """
    introduction = _locked(introduction)
    now = timezone.now()
    _check_answerable(introduction, cluster, now)
    if agree:
        _check_public(introduction)
        return _agree(introduction, user, cluster, words, now)
    _note_answer(introduction, cluster, SideAnswer.DECLINED, user, now)
    introduction.save()
    say(
        user=user,
        cluster=cluster,
        partner=introduction.other_than(cluster.pk),
        kind=FeedbackKind.UNSUITABLE,
        text=words,
    )
    return introduction


@transaction.atomic
def ask_more_time(*, user: User, introduction: Introduction, cluster: Cluster) -> Introduction:
    """Move the end once, by two weeks. Both sides see the new day.

    :raises DomainError: when it is no longer asked, or was moved already.
    """
    introduction = _locked(introduction)
    now = timezone.now()
    _check_answerable(introduction, cluster, now)
    if introduction.extended_at is not None:
        day = formats.date_format(timezone.localdate(introduction.expires_at), "SHORT_DATE_FORMAT")
        message = _("More time was asked for already. Please answer until %(day)s.")
        raise DomainError(message % {"day": day}, code="extended")
    introduction.extended_at = now
    introduction.expires_at += MORE_TIME
    # Whoever asked for time is reminded once more, before the new end.
    introduction.reminded_at = None
    setattr(introduction, f"{introduction.side_of(cluster.pk)}_answer", SideAnswer.NONE)
    introduction.save()
    return introduction


@transaction.atomic
def withdraw_introduction(*, user: User, introduction: Introduction) -> Introduction:
    """Take a request back: its asker, or staff. The side that was asked is told.

    :raises DomainError: when both have agreed, or it is over.
    """
    introduction = _locked(introduction)
    if introduction.state != IntroductionState.ASKED:
        raise DomainError(_("This request is no longer open."), code="over")
    introduction.state = IntroductionState.WITHDRAWN
    introduction.ended_at = timezone.now()
    introduction.save()
    mails.introduction_withdrawn(introduction)
    return introduction


def lock_pair(one: Cluster, other: Cluster) -> tuple[Cluster, Cluster]:
    """Lock two clusters in one order everywhere, so that both may ask at the same moment."""
    rows = Cluster.objects.select_for_update(no_key=True).order_by("pk")
    found = {cluster.pk: cluster for cluster in rows.filter(pk__in=[one.pk, other.pk])}
    return found[one.pk], found[other.pk]


def check_pair(asker: Cluster, partner: Cluster) -> None:
    """Refuse what cannot become a talk.

    :raises DomainError: with what to do instead.
    """
    if asker.pk == partner.pk:
        raise DomainError(_("A cluster cannot be introduced to itself."))
    if not asker.is_published:
        raise DomainError(
            _("The profile of %(cluster)s is not public, so others could not look you up.")
            % {"cluster": asker},
            code="not_public",
        )
    if not Cluster.objects.suggestible().filter(pk=partner.pk).exists():
        raise DomainError(
            _("%(cluster)s takes part in no introductions at the moment.") % {"cluster": partner},
            code="not_suggestible",
        )
    if not is_reachable(partner):
        raise DomainError(
            _(
                "Nobody answers for %(cluster)s in the portal yet. Please write a message; it"
                " goes to the contact address."
            )
            % {"cluster": partner},
            code="no_manager",
        )


def grounds_of(asker: Cluster, partner: Cluster) -> dict[str, Any]:
    """Return what speaks for the pair today in each side's eyes, as clusters may read it."""
    found = {}
    sides = {"asker": (asker, partner), "partner": (partner, asker)}
    for side, (cluster, other) in sides.items():
        row = (
            Suggestion.objects.current()
            .filter(cluster=cluster, partner=other, audience=Audience.CLUSTERS)
            .first()
        )
        if row is not None:
            found[side] = {"reasons": row.reasons, "rests_on": row.rests_on}
    return found


def _second_yes(
    introduction: Introduction, user: User, cluster: Cluster, words: str, now: datetime
) -> Introduction:
    if (
        introduction.origin == IntroductionOrigin.CLUSTER and introduction.asker_id == cluster.pk
    ) or introduction.answer_of(cluster.pk) == SideAnswer.AGREED:
        message = _("%(cluster)s has been asked already. The answer is open until %(day)s.")
        day = formats.date_format(timezone.localdate(introduction.expires_at), "SHORT_DATE_FORMAT")
        other = introduction.other_than(cluster.pk)
        raise DomainError(message % {"cluster": other, "day": day}, code="asked")
    return _agree(introduction, user, cluster, words, now)


def _agree(
    introduction: Introduction, user: User, cluster: Cluster, words: str, now: datetime
) -> Introduction:
    _note_answer(introduction, cluster, SideAnswer.AGREED, user, now)
    Feedback.objects.filter(
        cluster=cluster,
        partner=introduction.other_than(cluster.pk),
        kind=FeedbackKind.UNSUITABLE,
    ).delete()
    if words.strip():
        said = f"{cluster}: {_shortened(words)}"
        introduction.reply = "\n\n".join(part for part in (introduction.reply, said) if part)
    if introduction.asker_answer == introduction.partner_answer == SideAnswer.AGREED:
        introduction.state = IntroductionState.AGREED
        introduction.agreed_at = introduction.mailed_at = now
        introduction.follow_up_at = now + FIRST_FOLLOW_UP
        introduction.save()
        mails.introduction_agreed(introduction)
    else:
        introduction.save()
    return introduction


def _note_answer(
    introduction: Introduction, cluster: Cluster, answer: SideAnswer, user: User, now: datetime
) -> None:
    side = introduction.side_of(cluster.pk)
    setattr(introduction, f"{side}_answer", answer)
    setattr(introduction, f"{side}_answered_at", now)
    setattr(introduction, f"{side}_person", user)


def _locked(introduction: Introduction) -> Introduction:
    found: Introduction = (
        Introduction.objects.select_for_update(of=("self",))
        .select_related("asker", "partner")
        .get(pk=introduction.pk)
    )
    return found


def _check_answerable(introduction: Introduction, cluster: Cluster, now: datetime) -> None:
    if introduction.state != IntroductionState.ASKED or introduction.expires_at <= now:
        raise DomainError(_("This request is no longer open."), code="over")
    own_request = introduction.origin == IntroductionOrigin.CLUSTER
    if own_request and introduction.asker_id == cluster.pk:
        raise DomainError(_("Your cluster has asked. You may withdraw the request."), code="own")


def _check_public(introduction: Introduction) -> None:
    for cluster in (introduction.asker, introduction.partner):
        if not cluster.is_published:
            message = _("The profile of %(cluster)s is not public at the moment. Try again later.")
            raise DomainError(message % {"cluster": cluster}, code="not_public")


def _check_limit(asker: Cluster) -> None:
    asked = Introduction.objects.asked().filter(asker=asker, origin=IntroductionOrigin.CLUSTER)
    if asked.count() >= ASKED_AT_MOST:
        message = _(
            "%(cluster)s waits for %(count)d answers already. Please wait for one or withdraw a"
            " request: few and concrete requests get answers."
        )
        raise DomainError(message % {"cluster": asker, "count": ASKED_AT_MOST}, code="limit")


def _check_not_too_soon(pair: object, asker: Cluster, now: datetime) -> None:
    """Whether it was declined or not answered makes no difference here."""
    own = pair.filter(asker=asker, origin=IntroductionOrigin.CLUSTER)  # type: ignore[attr-defined]
    for state, rest in (
        (IntroductionState.ENDED, ASK_AGAIN_AFTER),
        (IntroductionState.WITHDRAWN, ASK_AGAIN_WITHDRAWN),
    ):
        last = own.filter(state=state, ended_at__gt=now - rest).order_by("-ended_at").first()
        if last is not None:
            day = formats.date_format(timezone.localdate(last.ended_at + rest), "SHORT_DATE_FORMAT")
            message = _(
                "You have asked not long ago, and no talk came about. You may ask again from"
                " %(day)s; until then NRW.innovativ can help."
            )
            raise DomainError(message % {"day": day}, code="too_soon")


def _end(introduction: Introduction, now: datetime) -> None:
    introduction.state, introduction.ended_at = IntroductionState.ENDED, now
    introduction.save(update_fields=["state", "ended_at"])
    mails.introduction_ended(introduction)


def _shortened(text: str) -> str:
    return text.strip()[:LONGEST_MESSAGE]
