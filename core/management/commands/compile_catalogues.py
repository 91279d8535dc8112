"""Compile the message catalogues without the gettext programs."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Write ``django.mo`` beside each ``django.po`` that is newer; says nothing when none is."""

    help = "Compile the message catalogues (.po to .mo) where they have changed."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def handle(self, *args: Any, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                    continue
                # Written aside and moved: a running process never reads half a catalogue.
                fresh = target.with_suffix(".mo.new")
                polib.pofile(str(source)).save_as_mofile(str(fresh))
                fresh.replace(target)
                self.stdout.write(f"compiled {source}")
