"""Addresses of the words of an event's mails, and of mailings to its people."""

from django.urls import path

from events.views import mail_texts, mailings

_EVENT = "events/<slug:slug>"

urlpatterns = [
    path(f"{_EVENT}/texts/", mail_texts.mail_text_list, name="mail-text-list"),
    path(f"{_EVENT}/texts/<slug:occasion>/", mail_texts.mail_text_edit, name="mail-text-edit"),
    path(
        f"{_EVENT}/texts/<slug:occasion>/reset/", mail_texts.mail_text_reset, name="mail-text-reset"
    ),
    path(f"{_EVENT}/mailings/", mailings.mailing_list, name="mailing-list"),
    path(f"{_EVENT}/mailings/new/", mailings.mailing_create, name="mailing-create"),
    path(f"{_EVENT}/mailings/<int:pk>/", mailings.mailing_detail, name="mailing-detail"),
    path(f"{_EVENT}/mailings/<int:pk>/cancel/", mailings.mailing_cancel, name="mailing-cancel"),
    path(f"{_EVENT}/mailings/<int:pk>/resend/", mailings.mailing_resend, name="mailing-resend"),
]
