"""Asked, agreed, came to nothing, what came of it.

Whoever was asked and whoever asked get different mails at different moments; what the asking side
gets before both have agreed never depends on what the other side did.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import override

from accounts.models import User
from clusters.models import Cluster
from core import mail
from core.choices import MailKind
from matching.choices import IntroductionOrigin, SideAnswer
from matching.introducing.calendars import appointments_calendar
from matching.introducing.contacts import contacts_of, managers_of
from matching.introducing.joint_text import joint_text
from matching.models import Appointment, Introduction
from matching.tokens import address, make_answer_token, make_outcome_token


def _send(name: str, person: User, context: dict[str, Any], **more: Any) -> None:
    with override(person.language):
        mail.send(
            f"matching/{name}",
            to=person.email,
            to_name=person.name,
            language=person.language,
            kind=MailKind.INTRODUCTION,
            context=context,
            reply_to=more.pop("reply_to", settings.CONTACT_EMAIL),
            **more,
        )


def _sides(introduction: Introduction) -> tuple[tuple[Cluster, Cluster], tuple[Cluster, Cluster]]:
    one, other = introduction.asker, introduction.partner
    return (one, other), (other, one)


def introduction_asked(
    introduction: Introduction, cluster: Cluster, *, is_reminder: bool = False
) -> None:
    """Ask the managers of ``cluster``, or remind them, with links to answer without signing in."""
    for person in managers_of([cluster.pk])[cluster.pk]:
        token = make_answer_token(introduction.pk, cluster.pk, person.pk)
        _send(
            "introduction_asked",
            person,
            {
                "introduction": introduction,
                "cluster": cluster,
                "other": introduction.other_than(cluster.pk),
                "is_reminder": is_reminder,
                "by_staff": introduction.origin == IntroductionOrigin.STAFF,
                "link": address("matching:introduction-answer", token, person.language),
            },
        )


def introduction_agreed(introduction: Introduction) -> None:
    """The joint mail: both sides get the other's people, the words said and the dates proposed."""
    contacts = contacts_of([introduction])
    dates = list(introduction.appointments.all())
    for cluster, other in _sides(introduction):
        others = contacts[introduction.pk, other.pk]
        for person in managers_of([cluster.pk])[cluster.pk]:
            with override(person.language):
                calendar = appointments_calendar(introduction, dates)
            _send(
                "introduction_agreed",
                person,
                {
                    "introduction": introduction,
                    "cluster": cluster,
                    "other": other,
                    "contacts": others,
                    "dates": dates,
                    "text": joint_text(introduction, person.language),
                },
                reply_to=others[0].email if others else settings.CONTACT_EMAIL,
                calendar=calendar,
                calendar_method="PUBLISH" if calendar else "",
            )


def introduction_ended(introduction: Introduction) -> None:
    """Tell those who wanted the talk that none came about, in words that fit every case."""
    for cluster, other in _sides(introduction):
        if introduction.answer_of(cluster.pk) != SideAnswer.AGREED:
            continue
        for person in managers_of([cluster.pk])[cluster.pk]:
            _send("introduction_ended", person, {"cluster": cluster, "other": other})


def introduction_withdrawn(introduction: Introduction) -> None:
    """Tell sides that were asked and have not declined that there is nothing to answer now."""
    own_request = introduction.origin == IntroductionOrigin.CLUSTER
    for cluster, other in _sides(introduction):
        asked_itself = own_request and cluster.pk == introduction.asker_id
        if asked_itself or introduction.answer_of(cluster.pk) == SideAnswer.DECLINED:
            continue
        for person in managers_of([cluster.pk])[cluster.pk]:
            _send("introduction_withdrawn", person, {"cluster": cluster, "other": other})


def outcome_asked(introduction: Introduction) -> None:
    """Ask both sides what came of it, with links to say so without signing in."""
    for cluster, other in _sides(introduction):
        for person in managers_of([cluster.pk])[cluster.pk]:
            token = make_outcome_token(introduction.pk, cluster.pk, person.pk)
            _send(
                "outcome_asked",
                person,
                {
                    "introduction": introduction,
                    "cluster": cluster,
                    "other": other,
                    "link": address("matching:introduction-outcome-link", token, person.language),
                },
            )


def dates_proposed(introduction: Introduction, by: Cluster | None) -> None:
    """Ask the side that has not proposed them, or both where staff has, which dates suit."""
    dates = list(introduction.appointments.filter(confirmed_at=None))
    for cluster, other in _sides(introduction):
        if by is not None and cluster.pk == by.pk:
            continue
        for person in managers_of([cluster.pk])[cluster.pk]:
            with override(person.language):
                calendar = appointments_calendar(introduction, dates)
            _send(
                "dates_proposed",
                person,
                {"introduction": introduction, "cluster": cluster, "other": other, "dates": dates},
                calendar=calendar,
                calendar_method="PUBLISH" if calendar else "",
            )


def date_confirmed(introduction: Introduction, date: Appointment) -> None:
    """Send the fixed date to both sides, as an entry for their calendars."""
    for cluster, other in _sides(introduction):
        people: Iterable[User] = contacts_of([introduction])[introduction.pk, cluster.pk]
        for person in people:
            with override(person.language):
                calendar = appointments_calendar(introduction, [date])
            _send(
                "date_confirmed",
                person,
                {"introduction": introduction, "cluster": cluster, "other": other, "date": date},
                calendar=calendar,
                calendar_method="PUBLISH",
            )
