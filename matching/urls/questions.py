from django.urls import URLPattern, path

from matching.views import questions

urlpatterns: list[URLPattern] = [
    path(
        "clusters/<slug:slug>/statements/need/<int:pk>/answers/",
        questions.need_answers,
        name="need-answers",
    ),
    path("topics/<slug:slug>/circle/", questions.topic_circle, name="topic-circle"),
    path("events/<slug:slug>/circle/", questions.event_circle, name="event-circle"),
    path(
        "clusters/<slug:slug>/suggestions/pair/<slug:partner>/",
        questions.own_pair,
        name="own-pair",
    ),
]
