from typing import Any

from django.core.management.base import BaseCommand

from matching.services import compute_vectors
from matching.vectors import model_label


class Command(BaseCommand):
    help = "Make the vectors of all needs, offers, profiles and topics whose text has changed."

    def handle(self, *args: Any, **options: Any) -> None:
        model = model_label()
        written = compute_vectors()
        if options["verbosity"]:
            if not model:
                self.stdout.write("Vectors: no text model is in use, so there is nothing to do.")
            else:
                counted = ", ".join(f"{number} {kind}" for kind, number in written.items())
                self.stdout.write(f"Vectors ({model}): {counted}.")
