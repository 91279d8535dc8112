"""How thousands of rows get their mails: portion by portion, each marked as it is written."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.utils import timezone

from core.models import MailContent, OutgoingMail

ROWS_AT_ONCE = 1000
# Rendered once a language, for as long as one run of writing takes.
Contents = dict[str, MailContent]
Row = TypeVar("Row", bound=Any)


def write_portions(write_portion: Callable[[Contents], int]) -> int:
    """Call ``write_portion`` until it has written nothing; returns how many mails were written.

    Each portion is one transaction that marks its rows, so a worker that dies loses none and
    writes none twice; a second worker takes other rows.
    """
    written = 0
    contents: Contents = {}
    while portion := write_portion(contents):
        written += portion
    return written


def write_rows(
    rows: Sequence[Row],
    contents: Contents,
    *,
    render: Callable[[str], MailContent],
    queue: Callable[[MailContent, list[Row]], Iterable[OutgoingMail]],
) -> int:
    """Write and mark the mails of ``rows``, which are locked; returns how many rows there were.

    Rows have ``email``, ``language``, ``mail`` and ``queued_at``. ``render`` makes the content for
    a language that is not in ``contents`` yet, ``queue`` writes the mails of the rows that read it.
    Rows that got no mail are deleted: their addresses refused it, or came back, meanwhile.
    """
    by_language: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_language[row.language].append(row)
    now = timezone.now()
    for language, some in by_language.items():
        if language not in contents:
            contents[language] = render(language)
        queued = {mail.to.lower(): mail for mail in queue(contents[language], some)}
        for row in some:
            row.mail = queued.get(row.email.lower())
            row.queued_at = now
    manager = type(rows[0])._default_manager
    manager.bulk_update(rows, ["mail", "queued_at"], batch_size=ROWS_AT_ONCE)
    manager.filter(pk__in=[row.pk for row in rows if row.mail is None]).delete()
    return len(rows)
