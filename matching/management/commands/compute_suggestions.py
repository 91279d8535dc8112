from typing import Any

from django.core.management.base import BaseCommand

from matching.services import compute_round, compute_vectors


class Command(BaseCommand):
    help = "Compute the suggested partners of all clusters, if anything they rest on has changed."

    def handle(self, *args: Any, **options: Any) -> None:
        compute_vectors()
        shown = compute_round(wait=True)
        if options["verbosity"]:
            self.stdout.write(
                f"Suggestions: round {shown.pk}, {shown.clusters_count} clusters,"
                f" {shown.suggestions.count()} rows."
            )
