"""What goes on paper: badges, the list at the door, certificates. Texts and data for ``pdf``."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from events import calendars, dates, pdf, qr, tokens
from events.choices import ParticipantGroup, RegistrationState
from events.exports import grouped, listed, participants
from events.models import Event, Registration

LAYOUTS = ("10", "8")
# About two seconds of work; larger events are printed in parts.
PART = 500


def parts(number: int) -> list[tuple[int, int, int]]:
    """Return the parts in which so many people are printed: number, first and last place."""
    begins = range(0, number, PART)
    return [(n, begin + 1, min(begin + PART, number)) for n, begin in enumerate(begins, 1)]


def _part(rows: Any, part: int) -> list[Registration]:
    return list(rows[PART * (part - 1) : PART * part])


def _language() -> str:
    return (get_language() or "de")[:2]


def people_for_badges(event: Event, group: str = "", part: int = 1) -> list[Registration]:
    """Return those who hold a place, by name; of one group where ``group`` names one."""
    rows: Any = participants(event).exclude(name="").order_by("name", "pk")
    return _part(rows.filter(group=group) if group else rows, part)


def badge_data(
    event: Event, people: Iterable[Registration], *, layout: str, with_code: bool
) -> dict[str, Any]:
    """Return what the sheet of badges shows; the code of each opens that person's ticket."""
    return {
        "title": _("Badges: %(event)s") % {"event": event.title},
        "language": _language(),
        "event": event.title,
        "layout": layout,
        "qr_says": _("QR code of the ticket"),
        "people": [
            {
                "name": row.name,
                "cluster": row.cluster.name if row.cluster else "",
                "group": _group_in_one(row.group),
                "qr": _code(row, with_code),
            }
            for row in people
        ],
    }


def _code(row: Registration, with_code: bool) -> str:
    return qr.qr_drawing(tokens.ticket_url(row.pk, row.language)) if with_code else ""


def _group_in_one(group: str) -> str:
    """Return the word for one person of a group; participants need none."""
    words = {
        ParticipantGroup.SPEAKER: _("Speaker"),
        ParticipantGroup.MODERATOR: _("Moderation"),
        ParticipantGroup.TEAM: _("Team"),
    }
    return words.get(ParticipantGroup(group), "")


def badge_sheet(event: Event, *, layout: str, group: str, with_code: bool, part: int = 1) -> bytes:
    """Return the badges of an event as a PDF."""
    people = people_for_badges(event, group, part)
    return pdf.render("badges", badge_data(event, people, layout=layout, with_code=with_code))


def attendance_list(event: Event, *, signatures: bool, everybody: bool) -> bytes:
    """Return the list of participants as a PDF, with a column to sign in where wanted."""
    columns = [_("Name"), _("Cluster"), *([_("Signature")] if signatures else [])]
    return pdf.render(
        "attendance",
        {
            "title": _("List of participants: %(event)s") % {"event": event.title},
            "heading": _("List of participants"),
            "language": _language(),
            "event": event.title,
            "when": dates.when(event),
            "signatures": signatures,
            "columns": columns,
            "nobody": _("Nobody is on the list."),
            "footer": _("As of %(day)s") % {"day": dates.day(timezone.now())},
            "groups": [
                {
                    "label": label,
                    "people": [
                        {
                            "name": row.name or row.email,
                            "cluster": row.cluster.name if row.cluster else "",
                        }
                        for row in rows
                    ],
                }
                for label, rows in grouped(listed(event, everybody=everybody))
            ],
        },
    )


def attended(event: Event, part: int = 1) -> list[Registration]:
    """Return those who were checked in, by name."""
    rows: Any = event.registrations.filter(state=RegistrationState.ATTENDED).exclude(name="")
    return _part(rows.select_related("cluster").order_by("name", "pk"), part)


def certificates(event: Event, people: Sequence[Registration]) -> bytes:
    """Return one page for each of ``people``, who were there, each in their own language."""
    pages = [_certificate(event, row) for row in people]
    title = pages[0]["title"] if len(pages) == 1 else _("Certificates of attendance")
    language = pages[0]["language"] if len(pages) == 1 else _language()
    return pdf.render("certificate", {"title": title, "language": language, "certificates": pages})


def _certificate(event: Event, row: Registration) -> dict[str, Any]:
    with override(row.language):
        organisers = ", ".join(event.organisers) or settings.OPERATOR_NAME
        return {
            "title": _("Certificate of attendance: %(event)s") % {"event": event.title},
            "language": row.language,
            "organiser": organisers,
            "heading": _("Certificate of attendance"),
            "name": row.name,
            "cluster": row.cluster.name if row.cluster else "",
            "sentence": _("took part in the following event:"),
            "event": event.title,
            "when": dates.when(event),
            "place": calendars.place(event),
            "issued": _("Issued on %(day)s by %(organiser)s")
            % {"day": dates.day(timezone.now()), "organiser": organisers},
            "note": _("Made by machine and valid without a signature. The QR code leads to the"
                      " ticket, where the portal confirms the attendance."),
            "qr": qr.qr_drawing(tokens.ticket_url(row.pk, row.language)),
            "qr_says": _("QR code that leads to the ticket"),
        }  # fmt: skip
