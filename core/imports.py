"""Loading a data set again and again, writing only what is new in it."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import models

from core.models import ImportRecord

Record = Mapping[str, Any]
Row = TypeVar("Row", bound=models.Model)


def fingerprint(record: Any) -> str:
    """Return a digest of plain JSON values, the same for the same values in any order of keys."""
    text = json.dumps(record, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class Import:
    """One run of loading ``source``. Use inside a transaction and end with ``finish``.

    ``version`` is part of every digest: whoever changes how records become rows raises it.
    """

    def __init__(self, source: str, *, version: int = 1, force: bool = False) -> None:
        self.source = source
        self.version = version
        self.force = force
        self.counts: Counter[str] = Counter()
        self._known = {
            (row.kind, row.key): row for row in ImportRecord.objects.filter(source=source)
        }
        self._fresh: list[ImportRecord] = []
        self._ids: dict[tuple[str, str], int] = {
            place: row.object_id for place, row in self._known.items()
        }

    def id_of(self, kind: str, key: str) -> int | None:
        """Return the id of the row a record once became, or None."""
        return self._ids.get((kind, key))

    def ids(self, kind: str) -> dict[str, int]:
        """Return all keys of a kind with the ids of their rows."""
        return {key: pk for (known, key), pk in self._ids.items() if known == kind}

    def put(
        self, kind: str, key: str, record: Any, write: Callable[[int | None], models.Model]
    ) -> bool:
        """Call ``write`` with the row's last id if ``record`` says something new; tell whether.

        ``write`` saves the row and returns it. Its id may be of a row people have deleted since.
        """
        digest = fingerprint([self.version, record])
        known = self._known.get((kind, key))
        if known is not None and known.digest == digest and not self.force:
            self.counts["unchanged"] += 1
            return False
        row = write(known.object_id if known else None)
        self._ids[kind, key] = row.pk
        self._fresh.append(
            ImportRecord(source=self.source, kind=kind, key=key, digest=digest, object_id=row.pk)
        )
        self.counts["updated" if known else "created"] += 1
        return True

    def finish(self) -> None:
        """Remember what was written."""
        for row in self._fresh:
            known = self._known.get((row.kind, row.key))
            row.pk = known.pk if known else None
        ImportRecord.objects.bulk_create([row for row in self._fresh if row.pk is None])
        ImportRecord.objects.bulk_update(
            [row for row in self._fresh if row.pk is not None], ["digest", "object_id"]
        )


def save_row(
    model: type[Row], pk: int | None, *, natural_key: Mapping[str, Any], **fields: Any
) -> Row:
    """Update the row ``pk``, else the one with this natural key, else create it."""
    rows = model._default_manager
    row = rows.filter(pk=pk).first() if pk else None
    if row is None and natural_key:
        row = rows.filter(**natural_key).first()
    row = row or model()
    for name, value in {**natural_key, **fields}.items():
        setattr(row, name, value)
    row.save()
    return row
