from django.urls import path

from events.views import pages

urlpatterns = [
    path("events/", pages.event_list, name="event-list"),
    path("events/<slug:slug>/", pages.event_detail, name="event-detail"),
]
