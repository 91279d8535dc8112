from modeltranslation.translator import TranslationOptions, register

from events.models import Event, EventSeries, Question, Session


@register(Event)
class EventTranslation(TranslationOptions):
    fields = ("title", "summary", "note", "participants_note")


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "summary", "note")


@register(EventSeries)
class EventSeriesTranslation(TranslationOptions):
    fields = ("title",)


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("label", "help")
