"""What a person hears about their registration, in their language."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import mail
from core.choices import MailKind, MailPriority
from core.mail import Recipient
from events import calendars, dates
from events.choices import PlaceNews, PlaceState, QuestionStage, RegistrationState
from events.mails.shared import about, participant_calendar, programme_lines
from events.models import Registration, Session
from events.qr import qr_png
from events.tokens import registration_url, ticket_url

# News after which the person's calendar is told.
_TELLS_CALENDAR = frozenset(
    {
        PlaceNews.CONFIRMED,
        PlaceNews.APPROVED,
        PlaceNews.PROMOTED,
        PlaceNews.NAMED,
        PlaceNews.RESTORED,
    }
)


@dataclass(frozen=True)
class _Words:
    subject: str
    lead: str
    more: str = ""


def registration_news(
    registration: Registration,
    news: PlaceNews,
    *,
    had_place: bool = False,
    by: str = "",
    reason: str = "",
    session: Session | None = None,
) -> None:
    """Tell a person what became of their registration.

    ``had_place``: they had one and lost it, so their calendar gets a CANCEL. ``by`` names who
    registered or replaced them, ``reason`` is the office's, ``session`` what session news are of.
    Examples and people without an address are told nothing.
    """
    if registration.is_example or not registration.email:
        return
    language = registration.language
    event = registration.event
    takes_part = registration.state == RegistrationState.REGISTERED
    with override(language):
        words = _words(registration, news, by, session)
        url = registration_url(registration.pk, language)
        method, calendar = "", ""
        if had_place:
            method = "CANCEL"
        elif takes_part and news in _TELLS_CALENDAR:
            method = "REQUEST"
        if method:
            calendar = participant_calendar(
                event, method, programme=programme(registration), hub="%%hub_url%%"
            )
        shows_ticket = takes_part and news in _TELLS_CALENDAR
        content = mail.prepare(
            "events/registration",
            language=language,
            # Who never wrote to us may refuse to be written to in other people's names.
            kind=MailKind.INVITATION if news == PlaceNews.NAMED else MailKind.REGISTRATION,
            reply_to=settings.CONTACT_EMAIL,
            calendar=calendar,
            calendar_method=method if calendar else "",
            picture=qr_png(ticket_url(registration.pk, language)) if shows_ticket else None,
            context={
                **about(event),
                "registration": registration,
                "words": words,
                "reason": reason,
                "session": session,
                "programme": programme(registration),
                "is_offer": news in (PlaceNews.OFFERED, PlaceNews.SESSION_OFFERED),
                "offer_until": _deadline(registration, session),
                "is_session_offer": news == PlaceNews.SESSION_OFFERED,
                "shows_ticket": shows_ticket,
                "is_active": registration.state
                not in (RegistrationState.CANCELLED, RegistrationState.DECLINED),
                "more_questions": takes_part
                and event.questions.filter(stage=QuestionStage.ACCEPTANCE).exists(),
                "retention_months": event.retention_months,
            },
        )
        mail.queue_many(
            content,
            [
                Recipient(
                    to=registration.email,
                    to_name=registration.name,
                    values={
                        "hub_url": url,
                        "sequence": calendars.person_sequence(
                            event, registration.calendar_revision
                        ),
                    },
                )
            ],
            priority=MailPriority.NORMAL,
        )


def _deadline(registration: Registration, session: Session | None) -> str:
    """Return until when the offered place is kept, in words; empty without an offer."""
    until = registration.offer_expires_at
    if session is not None:
        place = registration.places.filter(session=session).first()
        until = place.offer_expires_at if place else None
    return dates.moment(until) if until else ""


def programme(registration: Registration) -> str:
    """Return the person's own sessions with time and room, a line each; empty without any."""
    held = registration.places.filter(state=PlaceState.HELD).select_related("session")
    return programme_lines(place.session for place in held)


def _words(registration: Registration, news: PlaceNews, by: str, session: Session | None) -> _Words:
    """Return subject and sentences in the active language."""
    names = {
        "event": registration.event.title,
        "by": by or _("a colleague"),
        "session": session.title if session else "",
    }
    subject, lead, more = _TEXTS[news](registration)
    return _Words(subject % names, lead % names, more % names)


def _state_words(registration: Registration) -> tuple[str, str]:
    """Return what a registration somebody else made has become, and what follows."""
    match registration.state:
        case RegistrationState.WAITING:
            return (
                _("All places are taken at present. You are on the waiting list."),
                _("We write to you as soon as a place becomes free."),
            )
        case RegistrationState.REQUESTED:
            return _("The office looks at your registration and writes to you."), ""
    return _("A place is reserved for you."), ""


def _named(registration: Registration) -> tuple[str, str, str]:
    state, more = _state_words(registration)
    return (
        _("%(by)s has registered you: %(event)s"),
        f"{_('%(by)s has registered you for “%(event)s”.')} {state}",
        f"{more} {_('If that is not right, withdraw with one click.')}".strip(),
    )


_TEXTS: dict[PlaceNews, Callable[[Registration], tuple[str, str, str]]] = {
    PlaceNews.CONFIRMED: lambda _r: (
        _("You are registered: %(event)s"),
        _("you are registered for “%(event)s”. We look forward to meeting you."),
        "",
    ),
    PlaceNews.REQUESTED: lambda _r: (
        _("Your registration has arrived: %(event)s"),
        _("your registration for “%(event)s” has arrived."),
        _("The office looks at every registration for this event and writes to you."),
    ),
    PlaceNews.APPROVED: lambda _r: (
        _("You are registered: %(event)s"),
        _("the office has approved your registration for “%(event)s”."),
        "",
    ),
    PlaceNews.DECLINED: lambda _r: (
        _("Your registration was declined: %(event)s"),
        _("we cannot give you a place at “%(event)s”."),
        "",
    ),
    PlaceNews.WAITING: lambda _r: (
        _("You are on the waiting list: %(event)s"),
        _("all places at “%(event)s” are taken at present. You are on the waiting list."),
        _("We write to you as soon as a place becomes free."),
    ),
    PlaceNews.OFFERED: lambda _r: (
        _("A place is free for you: %(event)s"),
        _("a place at “%(event)s” has become free, and it is your turn."),
        _("After that the place goes to the next person on the waiting list."),
    ),
    PlaceNews.LAPSED: lambda _r: (
        _("The offered place went to somebody else: %(event)s"),
        _("the place at “%(event)s” was kept for you for some time and has been passed on."),
        _("You are on the waiting list again, at its end."),
    ),
    PlaceNews.LAPSED_OUT: lambda _r: (
        _("You are no longer on the waiting list: %(event)s"),
        _("a place at “%(event)s” was kept for you twice and has been passed on."),
        _("You are no longer on the waiting list. If you still want to come, register again."),
    ),
    PlaceNews.PROMOTED: lambda _r: (
        _("You have a place: %(event)s"),
        _("a place at “%(event)s” has become free. It is yours: you are registered."),
        _("If you cannot come any more, please withdraw with one click."),
    ),
    PlaceNews.NAMED: _named,
    PlaceNews.REPLACED: lambda _r: (
        _("You are no longer registered: %(event)s"),
        _("%(by)s has named somebody else for “%(event)s”. You are no longer registered."),
        "",
    ),
    PlaceNews.WITHDRAWN: lambda _r: (
        _("You are no longer registered: %(event)s"),
        _("you will not come to “%(event)s”. Thank you for telling us."),
        _("If you change your mind, open your registration once more."),
    ),
    PlaceNews.MAYBE: lambda _r: (
        _("You may come: %(event)s"),
        _("you may come to “%(event)s”. Until you know, your place is free for somebody else."),
        _("As soon as you know, answer the invitation once more or open your registration."),
    ),
    PlaceNews.REMOVED: lambda _r: (
        _("Your registration was cancelled: %(event)s"),
        _("the office has cancelled your registration for “%(event)s”."),
        "",
    ),
    PlaceNews.RESTORED: lambda r: (
        _("Your registration is valid again: %(event)s"),
        f"{_('the office has taken up your registration for “%(event)s” again.')} "
        f"{_state_words(r)[0]}",
        _state_words(r)[1],
    ),
    PlaceNews.SESSION_OFFERED: lambda _r: (
        _("A place is free for you: %(session)s"),
        _("a place in “%(session)s” (%(event)s) has become free, and it is your turn."),
        _("After that the place goes to the next person on the waiting list."),
    ),
    PlaceNews.SESSION_GIVEN: lambda _r: (
        _("You have a place: %(session)s"),
        _("a place in “%(session)s” (%(event)s) has become free. It is yours."),
        "",
    ),
    PlaceNews.SESSION_LAPSED: lambda _r: (
        _("The offered place went to somebody else: %(session)s"),
        _("the place in “%(session)s” (%(event)s) was kept for you and has been passed on."),
        "",
    ),
}
