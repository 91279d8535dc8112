"""Every mail of every app: three templates, both languages, no HTML in plain text."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from core.mail.outbox import template_names

TEMPLATES = settings.BASE_DIR / "templates"
MAILS = sorted(
    f"{path.parent.parent.name}/{path.name.removesuffix('.subject.txt')}"
    for path in TEMPLATES.glob("*/mail/*.subject.txt")
)


class Anything(int):
    """Stands for every value a template may ask for, dates and numbers included."""

    year, month, day, hour, minute, second, microsecond = 2027, 3, 4, 10, 30, 0, 0

    def weekday(self) -> int:
        return 3

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> "Anything":
        if isinstance(key, int) and key > 0:
            raise IndexError(key)
        return self

    def __iter__(self) -> Iterator["Anything"]:
        return iter([self])

    def __len__(self) -> int:
        return 1

    def __str__(self) -> str:
        return "1"

    def __int__(self) -> int:
        return 1


class FullContext(Context):
    """A context that knows every name."""

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)
        except KeyError:
            return Anything()


def render(template_name: str, language: str) -> str:
    template: Any = get_template(template_name)
    known = {
        "mail_kind": "event",
        "mail_language": language,
        "mail_can_opt_out": True,
        "BASE_URL": "https://portal.example",
        "CONTACT_EMAIL": "dialog@portal.example",
    }
    with translation.override(language):
        return str(template.template.render(FullContext(known)))


def test_there_are_mails() -> None:
    assert "accounts/password_reset" in MAILS


@pytest.mark.parametrize("name", MAILS)
def test_mail_has_subject_text_and_html(name: str) -> None:
    missing = [part for part in template_names(name) if not (TEMPLATES / part).exists()]
    assert missing == []


def test_no_part_of_a_mail_stands_alone() -> None:
    known = {part for name in MAILS for part in template_names(name)}
    layout = {"core/mail/base.txt", "core/mail/base.html"}
    found = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.glob("*/mail/*.*")
        if not Path(path).name.startswith("_")
    }
    assert found - known - layout == set()


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", MAILS)
def test_mail_renders_in_each_language(name: str, language: str) -> None:
    subject, text, html = (render(part, language) for part in template_names(name))
    assert 0 < len(" ".join(subject.split())) <= 250
    assert len(subject.strip().splitlines()) == 1
    assert f'<html lang="{language}">' in html
    assert not re.search(r"</?(p|a|br|div|ul|li|strong|h\d)\b", text)
    for body in (text, html):
        assert "%%unsubscribe_url%%" in body
        assert "{{" not in body
        assert "{%" not in body
