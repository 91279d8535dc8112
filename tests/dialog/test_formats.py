"""Dates as readers of each language write them."""

from datetime import UTC, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

MOMENT = datetime(2026, 11, 4, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("de", ("04.11.2026", "4. November 2026")), ("en", ("4 Nov 2026", "4 November 2026"))],
)
def test_dates_cannot_be_read_with_day_and_month_swapped(
    language: str, expected: tuple[str, str]
) -> None:
    with translation.override(language):
        said = date_format(MOMENT, "SHORT_DATE_FORMAT"), date_format(MOMENT, "DATE_FORMAT")
        assert said == expected
        assert date_format(MOMENT, "SHORT_DATETIME_FORMAT").endswith("15:30")
