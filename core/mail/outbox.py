"""Writing mails: what apps call."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from math import ceil
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from core.choices import MailPriority, MailState
from core.mail.bounces import blocked
from core.mail.claims import BATCH
from core.mail.message import BUILT_IN, PLACEHOLDER
from core.mail.optout import can_opt_out, opted_out
from core.models import MailContent, OutgoingMail
from core.querysets import OutgoingMailQuerySet
from core.tasks import deliver_waiting

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MAX_VALUE = 4000
_INSERT_AT_ONCE = 2000
_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_PICTURE = 200_000


class Queued(list[OutgoingMail]):
    """The mails ``queue_many`` wrote, and the addresses (in lower case) it wrote none to."""

    opted_out: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address of many, with what only this recipient's mail says."""

    to: str
    to_name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def send(
    name: str,
    *,
    to: str,
    language: str,
    kind: str,
    context: Mapping[str, Any],
    to_name: str = "",
    priority: int = MailPriority.NORMAL,
    reply_to: str = "",
    calendar: str = "",
    calendar_method: str = "",
    picture: bytes | None = None,
) -> OutgoingMail | None:
    """Write one mail and have it delivered once the transaction is committed.

    ``name`` such as ``events/invitation`` names three templates below ``events/mail/``. Returns
    None, and writes nothing, when the address wants no mails of this kind.
    """
    if opted_out([to], kind):
        return None
    with transaction.atomic():
        content = prepare(
            name,
            language=language,
            kind=kind,
            context=context,
            reply_to=reply_to,
            calendar=calendar,
            calendar_method=calendar_method,
            picture=picture,
        )
        mail: OutgoingMail = OutgoingMail.objects.create(
            content=content, to=to, to_name=to_name, priority=priority
        )
        _deliver_on_commit(1)
    return mail


def prepare(
    name: str,
    *,
    language: str,
    kind: str,
    context: Mapping[str, Any],
    reply_to: str = "",
    calendar: str = "",
    calendar_method: str = "",
    picture: bytes | None = None,
) -> MailContent:
    """Render a mail once, in one language, for any number of recipients.

    What differs between them stands in the templates as ``%%name%%``. ``%%greeting%%``, ``%%to%%``,
    ``%%to_name%%`` and ``%%unsubscribe_url%%`` are always known. ``calendar`` is a whole iCalendar
    object whose METHOD is ``calendar_method``; write ``CN="%%to_name%%"`` in quotes there.
    ``picture`` is a PNG the HTML shows as ``<img src="cid:picture" alt="…">``. Raises ValueError
    when calendar and method do not come together, or the picture is no PNG of at most 200 kB.
    """
    if bool(calendar) != bool(calendar_method):
        raise ValueError("A calendar part and its method belong together.")
    if picture is not None and not (picture.startswith(_PNG) and len(picture) <= _LARGEST_PICTURE):
        raise ValueError("The picture must be a PNG of at most 200 kB.")
    subject, text, html = template_names(name)
    values = {
        **context,
        "mail_kind": kind,
        "mail_can_opt_out": can_opt_out(kind),
        "mail_language": language,
        "BASE_URL": settings.BASE_URL,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
    }
    with translation.override(language):
        content: MailContent = MailContent.objects.create(
            name=name,
            kind=kind,
            language=language,
            subject=" ".join(_render_plain(subject, values).split())[:250],
            text=re.sub(r"\n{3,}", "\n\n", _render_plain(text, values)).strip() + "\n",
            html=get_template(html).render(values).strip() + "\n",
            calendar=calendar,
            calendar_method=calendar_method,
            reply_to=reply_to,
            picture=picture,
        )
    return content


def queue_many(
    content: MailContent,
    recipients: Iterable[Recipient],
    *,
    priority: int = MailPriority.BULK,
    due_at: datetime | None = None,
    paused: bool = False,
) -> Queued:
    """Write one mail to each recipient who wants and can get mails of this kind.

    Returns the mails in order. Its ``opted_out`` and ``blocked`` say who got none and why: kinds
    nobody can refuse are written to blocked addresses, too. ``paused`` mails wait for ``resume``.
    Raises ValueError, and writes nothing, when a value is missing, unknown or not fit to print.
    """
    wanted = list(recipients)
    needed = _placeholders(content.name)
    for recipient in wanted:
        _check_values(recipient, needed)
    addresses = {recipient.to.lower() for recipient in wanted}
    refused = opted_out(addresses, content.kind)
    dead = blocked(addresses - refused) if can_opt_out(content.kind) else set()
    now = timezone.now()
    mails = Queued(
        OutgoingMail(
            content=content,
            to=recipient.to,
            to_name=recipient.to_name,
            values=dict(recipient.values),
            priority=priority,
            state=MailState.PAUSED if paused else MailState.QUEUED,
            due_at=due_at or now,
            created_at=now,
        )
        for recipient in wanted
        if recipient.to.lower() not in refused | dead
    )
    mails.opted_out, mails.blocked = frozenset(refused), frozenset(dead)
    with transaction.atomic():
        OutgoingMail.objects.bulk_create(mails, batch_size=_INSERT_AT_ONCE)
        _deliver_on_commit(0 if paused else len(mails))
    return mails


def pause(mails: OutgoingMailQuerySet) -> int:
    """Hold queued mails back until ``resume``, and return how many there were.

    Those a worker has claimed already, at most a batch a worker, go on.
    """
    return _chosen(mails, MailState.QUEUED).update(state=MailState.PAUSED)


def resume(mails: OutgoingMailQuerySet) -> int:
    """Queue paused mails again, and return how many there were."""
    with transaction.atomic():
        number = _chosen(mails, MailState.PAUSED).update(state=MailState.QUEUED)
        _deliver_on_commit(number)
    return number


def send_again(mails: OutgoingMailQuerySet) -> int:
    """Queue failed mails once more, with a clean slate, and return how many there were."""
    with transaction.atomic():
        number = _chosen(mails, MailState.FAILED).update(
            state=MailState.QUEUED, attempts=0, due_at=timezone.now(), error=""
        )
        _deliver_on_commit(number)
    return number


def _chosen(mails: OutgoingMailQuerySet, state: MailState) -> OutgoingMailQuerySet:
    """Return those of the mails in ``state``, whatever tables were joined to choose them.

    PostgreSQL looks again at a row that was locked, but not into a subquery: only with the state
    asked outside it, a mail that a worker claims at this moment stays the worker's.
    """
    return OutgoingMail.objects.filter(pk__in=mails.order_by().values("pk"), state=state)


def template_names(name: str) -> tuple[str, str, str]:
    """Return the templates of subject, text and HTML: ``events/invitation`` has them in
    ``events/mail/invitation.*``."""
    app, _, short = name.partition("/")
    base = f"{app}/mail/{short}"
    return f"{base}.subject.txt", f"{base}.txt", f"{base}.html"


def _render_plain(template_name: str, values: Mapping[str, Any]) -> str:
    """Render without HTML escaping: in plain text ``Müller & Söhne`` are no entities."""
    template: Any = get_template(template_name)
    return str(template.template.render(Context(dict(values), autoescape=False)))


@cache
def _placeholders(name: str) -> frozenset[str]:
    """Return the placeholders the templates of a mail write themselves.

    Those of a person's own words (an event called ``%%x%%``) are not meant and stay as they are.
    """
    found: set[str] = set()
    for template_name in template_names(name):
        template: Any = get_template(template_name)
        found.update(PLACEHOLDER.findall(template.template.source))
    return frozenset(found - BUILT_IN)


def _check_values(recipient: Recipient, needed: frozenset[str]) -> None:
    """Refuse what would end as a hole or a forged line in somebody's mail."""
    names = recipient.values.keys()
    if missing := needed - names:
        raise ValueError(f"No value for {', '.join(sorted(missing))} in the mail to {recipient.to}")
    for name, value in recipient.values.items():
        if name in BUILT_IN or not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be the name of a placeholder.")
        if not isinstance(value, str) or len(value) > _MAX_VALUE:
            raise ValueError(f"{name} must be a text of at most {_MAX_VALUE} signs.")
        if any(unicodedata.category(sign) == "Cc" and sign not in "\r\n\t" for sign in value):
            raise ValueError(f"{name} contains a control character.")


def _deliver_on_commit(mails: int) -> None:
    """Wake workers after the commit.

    ``robust``: when the broker does not answer, the mails are written all the same and beat finds
    them; the person who caused them must not see an error.
    """
    for _ in range(min(ceil(mails / BATCH), settings.MAIL_DELIVERIES)):
        transaction.on_commit(deliver_waiting.delay, robust=True)
