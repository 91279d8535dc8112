from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dialog.demo import plant, remove
from dialog.preparation import demo_password
from matching.services import compute_round, compute_vectors


class Command(BaseCommand):
    help = "Plant the demo accounts and the examples, all marked as such; --remove takes them away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove", action="store_true", help="take all accounts and examples away"
        )
        parser.add_argument(
            "--force", action="store_true", help="write every example as it was at first"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            said = f"{remove()} demo rows removed"
        elif not settings.DEMO:
            raise CommandError("Examples belong to demo mode only: set DEMO=1.")
        else:
            run = plant(
                password=demo_password(), today=timezone.localdate(), force=options["force"]
            )
            said = ", ".join(f"{count} {what}" for what, count in sorted(run.counts.items()))
        compute_vectors()
        compute_round(wait=True)
        if options["verbosity"]:
            self.stdout.write(f"Demo: {said}.")
