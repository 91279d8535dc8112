from modeltranslation.translator import TranslationOptions, register

from events.models import Event, Session


@register(Event)
class EventTranslation(TranslationOptions):
    fields = ("title", "summary", "note", "participants_note")


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "summary", "note")
