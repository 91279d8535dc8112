"""Addresses of the events app, one file for each kind of work.

Order matters once: words such as ``events/create/`` come before ``events/<slug>/``.
"""

from events.urls import (
    after,
    answers,
    calendars,
    day,
    invitations,
    mailings,
    planning,
    public,
    registrations,
    workshops,
)

app_name = "events"
urlpatterns = [
    *after.urlpatterns,
    *planning.urlpatterns,
    *answers.urlpatterns,
    *calendars.urlpatterns,
    *day.urlpatterns,
    *invitations.urlpatterns,
    *mailings.urlpatterns,
    *registrations.urlpatterns,
    *workshops.urlpatterns,
    *public.urlpatterns,
]
