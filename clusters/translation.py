"""Which fields exist in German and English."""

from modeltranslation.translator import TranslationOptions, register

from clusters.models import (
    Cluster,
    District,
    Fact,
    GoodPractice,
    InnovationField,
    LabelAward,
    Need,
    Offer,
    Project,
    Term,
)


@register(InnovationField)
class InnovationFieldTranslation(TranslationOptions):
    fields = ("name", "summary", "note")


@register(District)
class DistrictTranslation(TranslationOptions):
    fields = ("name", "short_name")


@register(Term)
class TermTranslation(TranslationOptions):
    fields = ("label", "description")


@register(Cluster)
class ClusterTranslation(TranslationOptions):
    fields = (
        "full_name",
        "kind_note",
        "activity_note",
        "profile",
        "location_note",
        "founded_note",
        "members_note",
    )


@register(Fact)
class FactTranslation(TranslationOptions):
    fields = ("text",)


@register(LabelAward)
class LabelAwardTranslation(TranslationOptions):
    fields = ("note",)


@register([Need, Offer])
class StatementTranslation(TranslationOptions):
    fields = ("text",)


@register(Project)
class ProjectTranslation(TranslationOptions):
    fields = ("title", "summary", "result")


@register(GoodPractice)
class GoodPracticeTranslation(TranslationOptions):
    fields = ("title", "problem", "approach", "result")
