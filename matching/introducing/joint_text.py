"""The words of the joint mail: what staff wrote, or a sensible beginning."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from matching.models import Introduction


def default_text(language: str) -> str:
    """Return what the joint mail says where nobody wrote anything else."""
    with override(language):
        return _(
            "you both would like to talk to each other. Half an hour by video is enough to begin"
            " with. Three questions have proved useful: What are you looking for at the moment?"
            " What can you offer the other side? What could be a small first step together?"
        )


def joint_text(introduction: Introduction, language: str) -> str:
    """Return the text in a language, the other one where only that was written."""
    own, other = (
        (introduction.text_en, introduction.text_de)
        if language.startswith("en")
        else (introduction.text_de, introduction.text_en)
    )
    return own or other or default_text(language)
