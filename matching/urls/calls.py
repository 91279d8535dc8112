from django.urls import URLPattern, path

from matching.views import calls

_ONE = "my/calls/<int:pk>/"
_TEAM = f"{_ONE}teams/<int:team>/"

urlpatterns: list[URLPattern] = [
    path("my/calls/", calls.my_calls, name="my-calls"),
    path("my/calls/new/", calls.call_create, name="call-create"),
    path(_ONE, calls.call_detail, name="call-detail"),
    path(f"{_ONE}edit/", calls.call_edit, name="call-edit"),
    path(f"{_ONE}delete/", calls.call_delete, name="call-delete"),
    path(f"{_ONE}compute/", calls.call_compute, name="call-compute"),
    path(f"{_ONE}organisations/", calls.call_mark, name="call-mark"),
    path(f"{_ONE}teams.csv", calls.call_csv, name="call-csv"),
    path(f"{_TEAM}keep/", calls.team_keep, name="team-keep"),
    path(f"{_TEAM}swap/", calls.team_swap, name="team-swap"),
]
