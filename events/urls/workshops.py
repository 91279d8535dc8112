from django.urls import path

from events.views import assignment, wishes

urlpatterns = [
    path("registration/<str:token>/wishes/", wishes.wishes, name="wishes"),
    path("events/<slug:slug>/my-wishes/", wishes.my_wishes, name="my-wishes"),
    path("events/<slug:slug>/assignment/", assignment.assignment, name="assignment"),
    path(
        "events/<slug:slug>/assignment/calculate/",
        assignment.assignment_calculate,
        name="assignment-calculate",
    ),
    path(
        "events/<slug:slug>/assignment/publish/",
        assignment.assignment_publish,
        name="assignment-publish",
    ),
    path(
        "events/<slug:slug>/assignment/discard/",
        assignment.assignment_discard,
        name="assignment-discard",
    ),
    path(
        "events/<slug:slug>/assignment/rooms/", assignment.room_lists, name="assignment-room-lists"
    ),
    path(
        "events/<slug:slug>/assignment/people/<int:pk>/",
        assignment.assignment_person,
        name="assignment-person",
    ),
    path(
        "events/<slug:slug>/assignment/places/<int:pk>/fix/",
        assignment.assignment_fix,
        name="assignment-fix",
    ),
]
