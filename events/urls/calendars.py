from django.urls import path

from events.views import inbound, own_calendar, subscriptions

urlpatterns = [
    path("events/my-calendar/", own_calendar.my_calendar, name="my-calendar"),
    path("events/my-calendar/renew/", own_calendar.my_calendar_renew, name="my-calendar-renew"),
    path("events/my-calendar/revoke/", own_calendar.my_calendar_revoke, name="my-calendar-revoke"),
    path("events/subscribe/", subscriptions.calendar_subscribe, name="calendar-subscribe"),
    path("events/inbound-notes/", inbound.inbound_notes, name="inbound-notes"),
    path(
        "events/inbound-notes/<int:pk>/done/", inbound.inbound_note_done, name="inbound-note-done"
    ),
    path(
        "registration/<str:token>/programme.ics",
        own_calendar.registration_calendar,
        name="registration-calendar",
    ),
]
