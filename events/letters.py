"""What an event's mails to many say: staff's own words or the portal's, and their placeholders.

A text is plain: blank lines part paragraphs, addresses become links, ``{name}`` stands for
something the portal knows. HTML in it is shown, never run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.mail.message import fill_text
from events.calendars import page_address, place
from events.choices import MailOccasion, QuestionStage
from events.dates import precision_note, when
from events.models import Event, MailText, Question

LANGUAGES = ("de", "en")
LONGEST_BODY = 10_000

# What may be written, in the order of the help; the lazy texts explain it to staff.
_EVERYWHERE = {
    "name": gettext_lazy("name of the recipient"),
    "cluster": gettext_lazy("cluster of the recipient, empty where none is known"),
    "event": gettext_lazy("title of the event"),
    "date": gettext_lazy("day and time"),
    "place": gettext_lazy("venue and city"),
    "facts": gettext_lazy("when, where, format and organisers as a block"),
    "summary": gettext_lazy("summary of the event"),
    "page_link": gettext_lazy("link to the page of the event"),
}
_ANSWER = {"answer_buttons": gettext_lazy("buttons to answer without signing in")}
_PERSON = {"registration_link": gettext_lazy("link to the own registration")}
_SURVEY = {"survey_link": gettext_lazy("link to the survey")}
_KNOWN: dict[str, dict[str, Any]] = {
    MailOccasion.INVITATION: {**_EVERYWHERE, **_ANSWER},
    MailOccasion.REMINDER: {**_EVERYWHERE, **_ANSWER},
    MailOccasion.BEFORE: {**_EVERYWHERE, **_PERSON},
    MailOccasion.AFTER: {**_EVERYWHERE, **_PERSON, **_SURVEY},
}
ASKING = (MailOccasion.INVITATION, MailOccasion.REMINDER)
# These are blocks of their own, wherever in a paragraph they were written.
_BLOCKS = frozenset({"facts", "summary", "answer_buttons"})
# Filled in for each recipient at delivery.
_PERSONAL = {"name": "%%to_name%%", "cluster": "%%cluster%%"}
_LINKS = {
    "registration_link": "%%registration_url%%",
    "survey_link": "%%survey_url%%",
}
_PLACEHOLDER = re.compile(r"\{\s*([^{}\n]{0,60}?)\s*\}")
_HOLE = re.compile(r"%%([a-z_]+)%%")


@dataclass(frozen=True)
class Text:
    """Subject and body as they are written, with placeholders."""

    subject: str
    body: str
    is_own: bool = False


@dataclass(frozen=True)
class Letter:
    """Subject, plain text and HTML of a text about one event, with holes for the recipient."""

    subject: str
    text: str
    html: SafeString

    @property
    def holes(self) -> frozenset[str]:
        """The names of what differs between recipients."""
        return frozenset(_HOLE.findall(f"{self.subject} {self.text} {self.html}"))

    def filled(self, values: Mapping[str, str]) -> Letter:
        """Return the letter as one recipient reads it."""
        safe = {name: escape(value) for name, value in values.items()}
        html = mark_safe(fill_text(self.html, safe))  # noqa: S308 - every value is escaped
        return Letter(fill_text(self.subject, values), fill_text(self.text, values), html)


def known_placeholders(occasion: str) -> dict[str, Any]:
    """Return what texts of this occasion may hold, with its explanation."""
    return _KNOWN[occasion]


def unknown_placeholders(occasion: str, text: str) -> list[str]:
    """Return the placeholders of ``text`` the portal does not know, each once, in order."""
    found = (match[1] for match in _PLACEHOLDER.finditer(text))
    return list(dict.fromkeys(name for name in found if name not in _KNOWN[occasion]))


def has_survey(event: Event) -> bool:
    """Tell whether there is anything to ask after the event."""
    return Question.objects.filter(event=event, stage=QuestionStage.SURVEY).exists()


def default_text(event: Event, occasion: str, language: str) -> Text:
    """Return the portal's own words for an occasion."""
    with override(language):
        if occasion == MailOccasion.INVITATION:
            lines = [_("you are invited to “{event}”."), "{facts}", "{summary}"]
            lines += ["{answer_buttons}", "{page_link}"]
            return Text(_("Invitation: {event}, {date}"), _joined(lines))
        if occasion == MailOccasion.REMINDER:
            lines = [
                _(
                    "some time ago we invited you to “{event}”. We do not know yet whether you"
                    " will come; a no helps us, too."
                ),
                *("{facts}", "{answer_buttons}", "{page_link}"),
            ]
            return Text(_("Will you come? {event}, {date}"), _joined(lines))
        if occasion == MailOccasion.BEFORE:
            lines = [
                _("soon it is time: we look forward to seeing you at “{event}”."),
                "{facts}",
                _("If something comes up, please give your place back here: {registration_link}"),
                _("Programme and details: {page_link}"),
            ]
            return Text(_("Soon: {event}, {date}"), _joined(lines))
        lines = [_("thank you for being part of “{event}”.")]
        if has_survey(event):
            lines.append(_("How was it? Your answers take two minutes: {survey_link}"))
        lines.append(_("What comes of it is on the page of the event: {page_link}"))
        return Text(_("Thank you: {event}"), _joined(lines))


def _joined(paragraphs: list[str]) -> str:
    return "\n\n".join(paragraphs)


def texts_of(event: Event) -> dict[tuple[str, str], Text]:
    """Return what is sent on each occasion in each language."""
    own = {
        (row.occasion, row.language): Text(row.subject, row.body, is_own=True)
        for row in MailText.objects.filter(event=event)
    }
    return {
        (occasion, language): own.get((occasion, language))
        or default_text(event, occasion, language)
        for occasion in MailOccasion.values
        for language in LANGUAGES
    }


def text_for(event: Event, occasion: str, language: str) -> Text:
    """Return what is sent on one occasion to those who read ``language``."""
    row = MailText.objects.filter(event=event, occasion=occasion, language=language).first()
    if row is not None:
        return Text(row.subject, row.body, is_own=True)
    return default_text(event, occasion, language)


def compose(event: Event, occasion: str, text: Text, language: str) -> Letter:
    """Fill in what all recipients share; what differs stays as a hole.

    An invitation without a way to answer is none, so its buttons are added where they are missing.
    """
    buttons = "{answer_buttons}"
    if occasion in ASKING and buttons not in text.body:
        text = Text(text.subject, f"{text.body}\n\n{buttons}", text.is_own)
    with override(language):
        return _Writer(event).write(text)


class _Writer:
    """Turns a text into plain text and HTML, in the active language."""

    def __init__(self, event: Event) -> None:
        self._about = {
            "event": event,
            "when": when(event),
            "when_note": precision_note(event),
            "place": place(event),
        }
        self._page = page_address(event)
        self._values = {
            **_PERSONAL,
            "event": event.title,
            "date": when(event),
            "place": place(event),
        }
        self._links = {"page_link": self._page, **_LINKS}
        self._words = {
            "page_link": _("Programme and details"),
            "registration_link": _("Your registration"),
            "survey_link": _("To the survey"),
        }

    def write(self, text: Text) -> Letter:
        subject = _PLACEHOLDER.sub(lambda m: self._plain(m), text.subject)
        paragraphs = self._paragraphs(self._without_empty_lines(text.body))
        plain = [self._as_text(paragraph) for paragraph in paragraphs]
        html = [self._as_html(paragraph) for paragraph in paragraphs]
        return Letter(
            " ".join(subject.split()),
            "\n\n".join(part for part in plain if part),
            mark_safe("\n".join(part for part in html if part)),  # noqa: S308 - parts are safe
        )

    @staticmethod
    def _paragraphs(body: str) -> list[str]:
        def alone(match: re.Match[str]) -> str:
            return f"\n\n{{{match[1]}}}\n\n" if match[1] in _BLOCKS else match[0]

        body = _PLACEHOLDER.sub(alone, body.replace("\r\n", "\n"))
        parts = (part.strip() for part in re.split(r"\n[ \t]*\n", body))
        return [part for part in parts if part]

    def _without_empty_lines(self, body: str) -> str:
        """Leave out lines that hold nothing but what this event does not have."""

        def is_empty(line: str) -> bool:
            names = _PLACEHOLDER.findall(line)
            known = all(not self._values.get(name, "-") for name in names)
            return bool(names) and known and not _PLACEHOLDER.sub("", line).strip()

        return "\n".join(line for line in body.splitlines() if not is_empty(line))

    def _plain(self, match: re.Match[str]) -> str:
        return self._links.get(match[1]) or self._values.get(match[1], match[0])

    def _as_text(self, paragraph: str) -> str:
        if block := _PLACEHOLDER.fullmatch(paragraph):
            if block[1] in _BLOCKS:
                return self._render(block[1], "txt", autoescape=False)
            if block[1] in self._links:
                return f"{self._words[block[1]]}:\n{self._links[block[1]]}"
        return _PLACEHOLDER.sub(self._plain, paragraph).strip()

    def _as_html(self, paragraph: str) -> str:
        block = _PLACEHOLDER.fullmatch(paragraph)
        if block and block[1] in _BLOCKS:
            return self._render(block[1], "html", autoescape=True)
        parts, at = [], 0
        for match in _PLACEHOLDER.finditer(paragraph):
            parts.append(urlize(paragraph[at : match.start()], autoescape=True))
            if match[1] in self._links:
                link = escape(self._links[match[1]])
                parts.append(f'<a href="{link}">{escape(self._words[match[1]])}</a>')
            else:
                parts.append(escape(self._values.get(match[1], match[0])))
            at = match.end()
        parts.append(urlize(paragraph[at:], autoescape=True))
        return f"<p>{''.join(parts)}</p>".replace("\n", "<br>")

    def _render(self, block: str, kind: str, *, autoescape: bool) -> str:
        template: Any = get_template(f"events/mail/_{block}.{kind}")
        return str(template.template.render(Context(self._about, autoescape=autoescape))).strip()
