"""What programs may ask for: the same values as the forms, with codes instead of keys."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from clusters.models import InnovationField, Term
from core.api.codes import CodesField
from core.api.text import text_pair
from topics.choices import Potential
from topics.forms import TERM_KINDS


class ProposalInput(serializers.Serializer[Any]):
    """A topic in one language or both: each language has a title and says why it matters."""

    cluster = serializers.SlugField(max_length=100)
    title = text_pair(160)()
    summary = text_pair(3000)()
    wanted = text_pair(3000)(required=False)
    innovation_fields = CodesField(InnovationField.objects.all(), required=False)
    terms = CodesField(Term.objects.filter(kind__in=TERM_KINDS), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for language in ("de", "en"):
            title, summary = attrs["title"].get(language), attrs["summary"].get(language)
            if title and not summary:
                message = _("Please write why it matters, or remove the title.")
                raise serializers.ValidationError({"summary": {language: [message]}})
            if not title and (summary or attrs.get("wanted", {}).get(language)):
                message = _("Please write a title in this language.")
                raise serializers.ValidationError({"title": {language: [message]}})
        return attrs

    def values(self) -> dict[str, Any]:
        """Return what ``save_proposal`` takes, besides user and cluster."""
        data = self.validated_data
        return {
            "texts": {
                f"{name}_{language}": data.get(name, {}).get(language, "")
                for name in ("title", "summary", "wanted")
                for language in ("de", "en")
            },
            "innovation_fields": data.get("innovation_fields", []),
            "terms": data.get("terms", []),
        }


class EndorsementInput(serializers.Serializer[Any]):
    """A cluster's voice; potentials from 0 (none) to 3 (high)."""

    short_term = serializers.ChoiceField(choices=Potential.choices)
    mid_term = serializers.ChoiceField(choices=Potential.choices)
    contribution = serializers.CharField(max_length=1500, required=False, allow_blank=True)
    is_public = serializers.BooleanField(required=False)
