"""Addresses calendar programs and feed readers know; they have no language in their path."""

from django.urls import path

from events.views import calendars, own_calendar

urlpatterns = [
    path("events.ics", calendars.event_feed, name="event-feed"),
    path("events.atom", calendars.event_news, name="event-news"),
    path("calendar/<str:secret>.ics", own_calendar.person_calendar, name="person-calendar"),
    path("events/<slug:slug>.ics", calendars.event_calendar, name="event-calendar"),
    path("events/<slug:slug>/<slug:code>.ics", calendars.session_calendar, name="session-calendar"),
]
