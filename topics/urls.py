from django.urls import path

from topics.views import pages, proposals, voices

app_name = "topics"
urlpatterns = [
    path("topics/", pages.topic_list, name="topic-list"),
    path("topics/propose/", proposals.topic_propose, name="topic-propose"),
    path("topics/<slug:slug>/", pages.topic_detail, name="topic-detail"),
    path("topics/<slug:slug>/edit/", proposals.topic_edit, name="topic-edit"),
    path("topics/<slug:slug>/withdraw/", proposals.topic_withdraw, name="topic-withdraw"),
    path("topics/<slug:slug>/discard/", proposals.topic_discard, name="topic-discard"),
    path("topics/<slug:slug>/review/", proposals.topic_review, name="topic-review"),
    path("topics/<slug:slug>/endorse/", voices.topic_endorse, name="topic-endorse"),
    path(
        "topics/<slug:slug>/endorse/<slug:cluster>/withdraw/",
        voices.endorsement_withdraw,
        name="endorsement-withdraw",
    ),
    path("topics/<slug:slug>/follow/", voices.topic_follow, name="topic-follow"),
]
