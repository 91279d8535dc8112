"""Bring tables, texts, static files and data up to date, before the parts are started."""

from typing import Any

from django.core.management.base import BaseCommand

from dialog.preparation import StartError, check_servers, prepare


class Command(BaseCommand):
    """Does only what has changed; to be run once for each new version of the portal."""

    help = "Migrate, compile messages, collect static files and load data where they changed."
    requires_system_checks: list[str] = []  # noqa: RUF012 - as Django declares it

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            check_servers()
        except StartError as error:
            raise SystemExit(str(error)) from error
        prepare(self.stdout.write)
