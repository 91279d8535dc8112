"""When an event is over: database and Python agree, also in nights of 23 and 25 hours."""

from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from events import dates
from events.choices import DatePrecision
from events.models import Event
from tests.factories import make_event

BERLIN = ZoneInfo("Europe/Berlin")
STARTS = [
    datetime(2027, 3, 28, 1, 30, tzinfo=BERLIN),
    datetime(2027, 10, 31, 23, 30, tzinfo=BERLIN),
    datetime(2028, 2, 29, 0, 0, tzinfo=BERLIN),
    datetime(2027, 12, 31, 23, 59, tzinfo=BERLIN),
    datetime(2027, 10, 1, 0, 0, tzinfo=BERLIN),
]


@pytest.mark.parametrize("precision", DatePrecision.values)
def test_database_and_python_agree_on_the_end(db: None, precision: str) -> None:
    for start, length in product(STARTS, (None, timedelta(hours=2), timedelta(days=3))):
        make_event(start, ends_at=length and start + length, date_precision=precision)
    events = Event.objects.with_end()
    assert {event.pk: event.over_at for event in events} == {
        event.pk: dates.over_at(event) for event in events
    }


@pytest.mark.parametrize(
    ("precision", "over"),
    [
        (DatePrecision.TIME, datetime(2028, 3, 1, tzinfo=BERLIN)),
        (DatePrecision.DAY, datetime(2028, 3, 1, tzinfo=BERLIN)),
        (DatePrecision.MONTH, datetime(2028, 3, 1, tzinfo=BERLIN)),
        (DatePrecision.YEAR, datetime(2029, 1, 1, tzinfo=BERLIN)),
    ],
)
def test_without_an_end_the_last_known_span_counts(
    db: None, precision: str, over: datetime
) -> None:
    event = make_event(
        datetime(2028, 2, 29, 14, tzinfo=BERLIN), ends_at=None, date_precision=precision
    )
    assert dates.over_at(event) == over


def test_each_language_writes_dates_its_own_way(db: None) -> None:
    event = make_event(
        datetime(2027, 5, 4, 9, tzinfo=BERLIN), ends_at=datetime(2027, 5, 6, 16, tzinfo=BERLIN)
    )
    assert dates.when(event) == "4. Mai 2027, 09:00 Uhr – 6. Mai 2027, 16:00 Uhr"
    event.date_precision = DatePrecision.DAY
    assert dates.when(event) == "4.–6. Mai 2027"
    with translation.override("en"):
        assert dates.when(event) == "4–6 May 2027"
