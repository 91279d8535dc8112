"""Templates keep the content security policy and speak both languages."""

import re
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

TEMPLATES = Path(settings.BASE_DIR) / "templates"
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an inline script": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)[^>]*>", re.IGNORECASE
    ),
    "an inline event handler": re.compile(r"<[^>]*\s(on[a-z]+|hx-on[^=]*)\s*=", re.IGNORECASE),
    "a style element": re.compile(r"<style", re.IGNORECASE),
}


def html_files() -> list[Path]:
    return [p for p in TEMPLATES.rglob("*.html") if "mail" not in p.parts]


def test_templates_need_no_exception_from_the_policy() -> None:
    found = [
        f"{path.relative_to(TEMPLATES)} has {what}"
        for path in html_files()
        for what, pattern in FORBIDDEN.items()
        if pattern.search(path.read_text())
    ]
    assert found == []


def test_every_template_compiles() -> None:
    for path in TEMPLATES.rglob("*.*"):
        if path.suffix in {".html", ".txt"}:
            get_template(str(path.relative_to(TEMPLATES)))


def test_pages_have_one_main_heading() -> None:
    several = [
        str(path.relative_to(TEMPLATES))
        for path in html_files()
        if path.read_text().count("<h1") > 1 and "{% if" not in path.read_text()
    ]
    assert several == []
