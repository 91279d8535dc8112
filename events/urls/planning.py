from django.urls import path

from events.views import changes, editing, planning, programme, questions, series

urlpatterns = [
    path("events/manage/", planning.manage_event_list, name="manage-event-list"),
    path("events/create/", editing.event_create, name="event-create"),
    path("events/propose/", planning.event_propose, name="event-propose"),
    path("events/<slug:slug>/edit/", editing.event_edit, name="event-edit"),
    path("events/<slug:slug>/review/", planning.event_review, name="event-review"),
    path("events/<slug:slug>/publish/", planning.event_publish, name="event-publish"),
    path("events/<slug:slug>/cancel/", planning.event_cancel, name="event-cancel"),
    path("events/<slug:slug>/delete/", planning.event_delete, name="event-delete"),
    path("events/<slug:slug>/clone/", series.event_clone, name="event-clone"),
    path("events/<slug:slug>/repeat/", series.event_repeat, name="event-repeat"),
    path("events/<slug:slug>/changes/", changes.change_notice, name="change-notice"),
    path("events/<slug:slug>/programme/", programme.event_programme, name="event-programme"),
    path("events/<slug:slug>/questions/", questions.question_list, name="question-list"),
    path("events/<slug:slug>/questions/<int:pk>/", questions.question_edit, name="question-edit"),
    path(
        "events/<slug:slug>/questions/<int:pk>/move/",
        questions.question_move,
        name="question-move",
    ),
    path(
        "events/<slug:slug>/questions/<int:pk>/delete/",
        questions.question_delete,
        name="question-delete",
    ),
]
