"""A request that waits for an answer, so that managers see what one looks like."""

from datetime import timedelta

from django.utils import timezone

from dialog.demo.files import Plot
from dialog.demo.people import find
from matching.choices import SideAnswer
from matching.models import Introduction

ASKER, PARTNER = "umweltwirtschaft-nrw", "its-owl"
MESSAGE = (
    "Beispiel: Unsere Mitglieder zerlegen Altgeräte weitgehend von Hand. Wir würden gern hören,"
    " welche Erfahrungen Sie mit Sensorik und Robotik an solchen Arbeitsplätzen haben, und ob sich"
    " ein gemeinsamer Besuch in einem Betrieb lohnt."
)


def plant(plot: Plot) -> None:
    """Let one demo account ask another's cluster for a talk, once; what people answer stays."""
    asker, partner = plot.clusters.get(ASKER), plot.clusters.get(PARTNER)
    user = find(f"manager.{ASKER}")
    if asker is None or partner is None or user is None:
        return
    known = plot.run.id_of("matching.introduction", f"{ASKER}/{PARTNER}")
    if known is None and Introduction.objects.of_pair(asker.pk, partner.pk).open().exists():
        return
    now = timezone.now()
    plot.put(
        Introduction,
        f"{ASKER}/{PARTNER}",
        [MESSAGE],
        natural_key={"asker": asker, "partner": partner},
        values={
            "message": MESSAGE,
            "asked_by": user,
            "asker_person": user,
            "asker_answer": SideAnswer.AGREED,
            "asker_answered_at": now,
            "asked_at": now,
            "expires_at": now + timedelta(days=21),
        },
    )
