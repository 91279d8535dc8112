"""Staff's own words for the mails of an event: placeholders, default texts, rendering.

A placeholder is a word in braces, such as ``{event}``. What is the same for everybody is filled
in when the mail is rendered; what differs becomes a hole of ``core.mail``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape, linebreaks, urlize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from events.calendars import page_address, place
from events.choices import MailOccasion
from events.dates import when
from events.models import Event, MailText

PLACEHOLDERS: dict[str, Any] = {
    "name": gettext_lazy("name of the person"),
    "cluster": gettext_lazy("cluster of the person"),
    "event": gettext_lazy("title of the event"),
    "date": gettext_lazy("when it takes place"),
    "place": gettext_lazy("where it takes place"),
    "summary": gettext_lazy("what it is about"),
    "page_link": gettext_lazy("address of the event's page"),
}
# Different for each recipient: these become holes.
_HOLES = ("name", "cluster")
_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,40})\}")


@dataclass(frozen=True)
class Words:
    """Subject and body in one language, with placeholders."""

    subject: str
    body: str
    is_own: bool = False


def unknown_placeholders(text: str) -> list[str]:
    """Return the words in braces that are no placeholders, each once, in their order."""
    found = (word.strip() for word in _PLACEHOLDER.findall(text))
    return list(dict.fromkeys(word for word in found if word not in PLACEHOLDERS))


def default_words(occasion: str, language: str) -> Words:
    """Return the text the portal brings along for an occasion."""
    with override(language):
        match occasion:
            case MailOccasion.INVITATION:
                return Words(
                    _("Invitation: {event}, {date}"),
                    _("you are invited to “{event}”.") + "\n\n{date}\n{place}\n\n{summary}",
                )
            case MailOccasion.REMINDER:
                return Words(
                    _("Will you come? {event}, {date}"),
                    _(
                        "we have invited you to “{event}” and do not know yet whether you will"
                        " come. One click is enough, and a no helps us, too."
                    )
                    + "\n\n{date}\n{place}",
                )
            case MailOccasion.BEFORE:
                return Words(
                    _("Soon: {event}, {date}"),
                    _("we look forward to meeting you at “{event}”.")
                    + "\n\n{date}\n{place}\n\n"
                    + _(
                        "Your rooms, your ticket and everything else stand on the page of your"
                        " registration. If you cannot come, please withdraw there: somebody else"
                        " may be waiting."
                    ),
                )
        return Words(
            _("Thank you: {event}"),
            _("thank you for being part of “{event}”.")
            + "\n\n"
            + _("Minutes and documents stand on the page of the event: {page_link}"),
        )


def own_words(event: Event, occasion: str) -> dict[str, Words]:
    """Return staff's own texts for an occasion, by language."""
    rows = MailText.objects.filter(event=event, occasion=occasion)
    return {row.language: Words(row.subject, row.body, is_own=True) for row in rows}


def words_for(event: Event, occasion: str, language: str) -> Words:
    """Return what is sent to readers of ``language``: staff's own text, else the default."""
    return own_words(event, occasion).get(language) or default_words(occasion, language)


def _values(event: Event) -> dict[str, str]:
    return {
        "event": event.title,
        "date": when(event),
        "place": place(event),
        "summary": event.summary or "",
        "page_link": page_address(event),
        **{name: f"%%{name}%%" for name in _HOLES},
    }


def _fill(text: str, values: Mapping[str, str]) -> str:
    """Fill placeholders; a line that held nothing but an empty one goes."""
    lines = []
    for line in text.splitlines():
        filled = _PLACEHOLDER.sub(lambda found: values.get(found[1].strip(), found[0]), line)
        if filled.strip() or not line.strip():
            lines.append(filled.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def render(event: Event, words: Words, language: str) -> dict[str, Any]:
    """Return ``subject``, ``body_text`` and ``body_html`` with holes for what differs.

    The text is no HTML: all of it is escaped, blank lines make paragraphs, addresses links.
    """
    with override(language):
        values = _values(event)
        body = _fill(words.body, values)
        return {
            "subject": " ".join(_fill(words.subject, values).split()),
            "body_text": body,
            "body_html": as_html(body),
        }


def as_html(text: str) -> SafeString:
    """Return a plain text as paragraphs whose addresses are links."""
    # Everything in it was escaped by urlize.
    return SafeString(linebreaks(urlize(text, autoescape=True)))


def preview(event: Event, words: Words, language: str, values: Mapping[str, str]) -> dict[str, Any]:
    """Return what one person would read; ``values`` are those of :func:`personal_values`."""
    rendered = render(event, words, language)
    for name in _HOLES:
        hole, value = f"%%{name}%%", values.get(name, "")
        rendered["subject"] = rendered["subject"].replace(hole, value)
        rendered["body_text"] = rendered["body_text"].replace(hole, value)
        rendered["body_html"] = SafeString(rendered["body_html"].replace(hole, escape(value)))
    return rendered


def personal_values(name: str, cluster: str) -> dict[str, str]:
    """Return what fills the holes of one recipient."""
    return {"name": name, "cluster": cluster}
