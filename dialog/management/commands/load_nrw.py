from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from clusters.nrw import SOURCE, VERSION, load_clusters, load_taxonomy
from core.imports import Import
from events.nrw import load_events
from topics.nrw import load_topics


class Command(BaseCommand):
    help = "Load what is known about clusters, topics and events of North Rhine-Westphalia."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--force",
            action="store_true",
            help="write every row as the data have it, also over what people changed since",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        run = Import(SOURCE, version=VERSION, force=options["force"])
        load_taxonomy(run)
        load_clusters(run)
        load_topics(run)
        load_events(run)
        run.finish()
        if options["verbosity"]:
            counts = ", ".join(f"{count} {what}" for what, count in sorted(run.counts.items()))
            self.stdout.write(f"NRW data: {counts}.")
