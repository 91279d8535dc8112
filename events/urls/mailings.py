from django.urls import path

from events.views import mail_texts, mailings

_TEXT = "events/<slug:slug>/texts/<slug:occasion>/"

urlpatterns = [
    path("events/<slug:slug>/texts/", mail_texts.mail_text_list, name="mail-text-list"),
    path(_TEXT, mail_texts.mail_text_edit, name="mail-text-edit"),
    path(f"{_TEXT}test/", mail_texts.mail_text_test, name="mail-text-test"),
    path(f"{_TEXT}reset/", mail_texts.mail_text_reset, name="mail-text-reset"),
    path("events/<slug:slug>/mailings/", mailings.mailing_list, name="mailing-list"),
    path("events/<slug:slug>/mailings/create/", mailings.mailing_create, name="mailing-create"),
    path(
        "events/<slug:slug>/mailings/<int:pk>/cancel/",
        mailings.mailing_cancel,
        name="mailing-cancel",
    ),
]
