from django.urls import path

from events.views import check_in, participants, printing

urlpatterns = [
    path("ticket/<str:token>/", check_in.ticket, name="ticket"),
    path("ticket/<str:token>/certificate.pdf", printing.certificate, name="certificate"),
    path("events/<slug:slug>/check-in/", check_in.check_in, name="check-in"),
    path("events/<slug:slug>/check-in/sync/", check_in.check_in_sync, name="check-in-sync"),
    path("events/<slug:slug>/check-in/worker.js", check_in.check_in_worker, name="check-in-worker"),
    path("events/<slug:slug>/check-in/walk-in/", check_in.walk_in, name="walk-in"),
    path("events/<slug:slug>/check-in/<int:pk>/", check_in.check_in_person, name="check-in-person"),
    path(
        "events/<slug:slug>/participants/",
        participants.participant_list,
        name="participant-list",
    ),
    path(
        "registration/<str:token>/participants/",
        participants.participant_list_by_token,
        name="registration-participants",
    ),
    path(
        "events/<slug:slug>/export/<str:table>.<str:ending>",
        participants.event_export,
        name="event-export",
    ),
    path("events/<slug:slug>/badges/", printing.badges, name="badges"),
    path("events/<slug:slug>/badges.pdf", printing.badge_sheet, name="badge-sheet"),
    path("events/<slug:slug>/participants.pdf", printing.attendance_list, name="attendance-list"),
    path("events/<slug:slug>/certificates.pdf", printing.certificates, name="certificate-list"),
]
