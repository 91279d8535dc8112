from django.urls import path

from events.views import answers, invitations, pages, planning, registrations

app_name = "events"
urlpatterns = [
    path("events/", pages.event_list, name="event-list"),
    path("events/manage/", planning.manage_event_list, name="manage-event-list"),
    path("events/create/", planning.event_create, name="event-create"),
    path("events/propose/", planning.event_propose, name="event-propose"),
    path("events/invitations/", answers.my_invitations, name="my-invitations"),
    path("events/invitations/<int:pk>/", answers.invitation_answer, name="invitation-answer"),
    path("events/<slug:slug>/", pages.event_detail, name="event-detail"),
    path("events/<slug:slug>/edit/", planning.event_edit, name="event-edit"),
    path("events/<slug:slug>/review/", planning.event_review, name="event-review"),
    path("events/<slug:slug>/publish/", planning.event_publish, name="event-publish"),
    path("events/<slug:slug>/cancel/", planning.event_cancel, name="event-cancel"),
    path("events/<slug:slug>/register/", registrations.register, name="event-register"),
    path("events/<slug:slug>/unregister/", registrations.unregister, name="event-unregister"),
    path(
        "events/<slug:slug>/invite/",
        invitations.invitation_audience,
        name="invitation-audience",
    ),
    path("events/<slug:slug>/invitations/", invitations.invitation_list, name="invitation-list"),
    path(
        "events/<slug:slug>/invitations/resend/",
        invitations.invitation_resend,
        name="invitation-resend",
    ),
    path("answer/<str:token>/", answers.answer, name="answer"),
    path("answer/<str:token>/thanks/", answers.answer_thanks, name="answer-thanks"),
]
