from django.urls import path

from events.views import actions, documents, minutes, reading

urlpatterns = [
    path("events/actions/", actions.action_list, name="action-list"),
    path("events/actions/<int:pk>/done/", actions.action_done, name="action-done"),
    path("events/<slug:slug>/minutes/", minutes.minutes, name="minutes"),
    path("events/<slug:slug>/minutes/read/", reading.minutes_read, name="minutes-read"),
    path("events/<slug:slug>/minutes/publish/", minutes.minutes_publish, name="minutes-publish"),
    path("events/<slug:slug>/minutes/withdraw/", minutes.minutes_withdraw, name="minutes-withdraw"),
    path("events/<slug:slug>/minutes/<int:pk>/", minutes.minutes_item, name="minutes-item"),
    path(
        "events/<slug:slug>/minutes/<int:pk>/move/",
        minutes.minutes_item_move,
        name="minutes-item-move",
    ),
    path(
        "events/<slug:slug>/minutes/<int:pk>/delete/",
        minutes.minutes_item_delete,
        name="minutes-item-delete",
    ),
    path("registration/<str:token>/minutes/", reading.minutes_link, name="minutes-link"),
    path(
        "registration/<str:token>/documents/<int:pk>/",
        reading.document_link,
        name="document-link",
    ),
    path("events/<slug:slug>/documents/", documents.document_list, name="document-list"),
    path("events/<slug:slug>/documents/<int:pk>/", documents.document, name="document"),
    path(
        "events/<slug:slug>/documents/<int:pk>/delete/",
        documents.document_delete,
        name="document-delete",
    ),
]
