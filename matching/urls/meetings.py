from django.urls import URLPattern, path, re_path

from matching.views import meeting_moves, meeting_wishes, meetings

urlpatterns: list[URLPattern] = [
    path(
        "registration/<str:token>/meetings/", meeting_wishes.meeting_wishes, name="meeting-wishes"
    ),
    path(
        "registration/<str:token>/meetings/timetable/",
        meeting_wishes.meeting_timetable,
        name="meeting-timetable",
    ),
    path(
        "registration/<str:token>/meetings/calendar.ics",
        meeting_wishes.meeting_calendar,
        name="meeting-calendar",
    ),
    path(
        "registration/<str:token>/meetings/leave/",
        meeting_wishes.meeting_leave,
        name="meeting-leave",
    ),
    path(
        "registration/<str:token>/meetings/<int:pk>/feedback/",
        meeting_wishes.meeting_feedback,
        name="meeting-feedback",
    ),
    path("events/<slug:slug>/my-meetings/", meeting_wishes.my_meetings, name="my-meetings"),
    path("events/<slug:slug>/meetings/", meetings.meetings, name="meetings"),
    path("events/<slug:slug>/meetings/setup/", meetings.meeting_setup, name="meeting-setup"),
    path("events/<slug:slug>/meetings/delete/", meetings.meeting_delete, name="meeting-delete"),
    path("events/<slug:slug>/meetings/ask/", meetings.meeting_ask, name="meeting-ask"),
    path(
        "events/<slug:slug>/meetings/ask-feedback/",
        meetings.meeting_ask_feedback,
        name="meeting-ask-feedback",
    ),
    path("events/<slug:slug>/meetings/compute/", meetings.meeting_compute, name="meeting-compute"),
    path("events/<slug:slug>/meetings/stop/", meetings.meeting_stop, name="meeting-stop"),
    path("events/<slug:slug>/meetings/publish/", meetings.meeting_publish, name="meeting-publish"),
    path("events/<slug:slug>/meetings/print/", meetings.meeting_print, name="meeting-print"),
    re_path(
        r"^events/(?P<slug>[-a-zA-Z0-9_]+)/meetings/timetable\.(?P<ending>csv|xlsx)$",
        meetings.meeting_table_file,
        name="meeting-table",
    ),
    path(
        "events/<slug:slug>/meetings/people/<int:pk>/",
        meeting_moves.meeting_person,
        name="meeting-person",
    ),
    path("events/<slug:slug>/meetings/<int:pk>/", meeting_moves.meeting_edit, name="meeting-edit"),
    path(
        "events/<slug:slug>/meetings/<int:pk>/lock/",
        meeting_moves.meeting_lock,
        name="meeting-lock",
    ),
    path(
        "events/<slug:slug>/meetings/<int:pk>/remove/",
        meeting_moves.meeting_remove,
        name="meeting-remove",
    ),
]
