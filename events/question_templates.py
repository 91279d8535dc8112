"""Questions to start from, in both languages: they are content, not texts of the interface."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.choices import QuestionKind, QuestionStage


@dataclass(frozen=True)
class QuestionTemplate:
    stage: str
    kind: str
    label_de: str
    label_en: str
    help_de: str = ""
    help_en: str = ""
    options_de: tuple[str, ...] = ()
    options_en: tuple[str, ...] = ()
    is_required: bool = False

    def fields(self) -> dict[str, Any]:
        """Return the values of a new question."""
        lists = {"options_de": list(self.options_de), "options_en": list(self.options_en)}
        return {**asdict(self), **lists}


TEMPLATES: dict[str, tuple[QuestionTemplate, ...]] = {
    "food": (
        QuestionTemplate(
            QuestionStage.REGISTRATION,
            QuestionKind.CHOICE,
            "Was möchten Sie essen?",
            "What would you like to eat?",
            options_de=("alles", "vegetarisch", "vegan"),
            options_en=("everything", "vegetarian", "vegan"),
        ),
        QuestionTemplate(
            QuestionStage.REGISTRATION,
            QuestionKind.TEXT,
            "Gibt es Unverträglichkeiten, auf die wir achten sollen?",
            "Is there anything you cannot eat?",
            "Freiwillig. Nur die Küche erfährt davon; nach der Veranstaltung wird es gelöscht.",
            "Voluntary. It is passed on to the kitchen only and removed after the event.",
        ),
    ),
    "access": (
        QuestionTemplate(
            QuestionStage.REGISTRATION,
            QuestionKind.SEVERAL,
            "Was brauchen Sie, um gut teilnehmen zu können?",
            "What do you need to take part well?",
            "Freiwillig. Die Geschäftsstelle meldet sich bei Ihnen, wenn etwas zu klären ist.",
            "Voluntary. The office gets in touch when something has to be arranged.",
            (
                "stufenfreier Zugang",
                "Gebärdensprachdolmetschen",
                "Schriftdolmetschen",
                "Unterlagen vorab in zugänglicher Form",
                "Assistenzperson kommt mit",
            ),
            (
                "step-free access",
                "sign language interpreting",
                "live captioning",
                "documents beforehand in accessible form",
                "an assistant comes along",
            ),
        ),
    ),
    "photos": (
        QuestionTemplate(
            QuestionStage.REGISTRATION,
            QuestionKind.CONSENT,
            "Ich bin damit einverstanden, dass Fotos, auf denen ich zu sehen bin, für Berichte über"
            " die Veranstaltung verwendet werden.",
            "I agree that photographs showing me are used in reports on the event.",
            "Freiwillig und jederzeit widerrufbar.",
            "Voluntary, and you may withdraw it at any time.",
        ),
    ),
    "arrival": (
        QuestionTemplate(
            QuestionStage.ACCEPTANCE,
            QuestionKind.CHOICE,
            "Wie reisen Sie an?",
            "How do you travel?",
            options_de=("Bus und Bahn", "Fahrrad oder zu Fuß", "Auto", "noch offen"),
            options_en=("public transport", "bicycle or on foot", "car", "not decided yet"),
        ),
    ),
    "survey": (
        QuestionTemplate(
            QuestionStage.SURVEY,
            QuestionKind.SCALE,
            "Wie hat Ihnen die Veranstaltung insgesamt gefallen?",
            "How did you like the event as a whole?",
            "1: gar nicht, 5: sehr gut",
            "1: not at all, 5: very much",
            is_required=True,
        ),
        QuestionTemplate(
            QuestionStage.SURVEY,
            QuestionKind.SCALE,
            "Haben Sie Ansprechpersonen für Ihr Vorhaben gefunden?",
            "Did you find people to talk to about your plans?",
            "1: gar nicht, 5: ja, mehrere",
            "1: not at all, 5: yes, several",
        ),
        QuestionTemplate(
            QuestionStage.SURVEY,
            QuestionKind.TEXT,
            "Was sollen wir beim nächsten Mal anders machen?",
            "What should we do differently next time?",
        ),
    ),
}

# What each is called on the page.
TEMPLATE_NAMES = {
    "food": _("Food and drink"),
    "access": _("What people need to take part"),
    "photos": _("Consent to photographs"),
    "arrival": _("How people travel"),
    "survey": _("Short survey after the event"),
}
