from django.urls import path

from events.views import invitations

urlpatterns = [
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
]
