from django.urls import path

from events.views import audiences, invitations

_EVENT = "events/<slug:slug>"

urlpatterns = [
    path(f"{_EVENT}/invite/", audiences.invitation_audience, name="invitation-audience"),
    path(f"{_EVENT}/invite/<str:draft>/", audiences.invitation_preview, name="invitation-preview"),
    path(f"{_EVENT}/invite/<str:draft>/save/", audiences.audience_save, name="audience-save"),
    path(f"{_EVENT}/audiences/<int:pk>/delete/", audiences.audience_delete, name="audience-delete"),
    path(f"{_EVENT}/invitations/", invitations.invitation_list, name="invitation-list"),
    path(f"{_EVENT}/invitations/table/", invitations.invitation_csv, name="invitation-csv"),
    path(f"{_EVENT}/invitations/pause/", invitations.invitation_pause, name="invitation-pause"),
    path(f"{_EVENT}/invitations/resume/", invitations.invitation_resume, name="invitation-resume"),
    path(f"{_EVENT}/invitations/resend/", invitations.invitation_resend, name="invitation-resend"),
]
