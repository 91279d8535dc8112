from django.urls import path

from events.views import planning

urlpatterns = [
    path("events/manage/", planning.manage_event_list, name="manage-event-list"),
    path("events/create/", planning.event_create, name="event-create"),
    path("events/propose/", planning.event_propose, name="event-propose"),
    path("events/<slug:slug>/edit/", planning.event_edit, name="event-edit"),
    path("events/<slug:slug>/review/", planning.event_review, name="event-review"),
    path("events/<slug:slug>/publish/", planning.event_publish, name="event-publish"),
    path("events/<slug:slug>/cancel/", planning.event_cancel, name="event-cancel"),
]
