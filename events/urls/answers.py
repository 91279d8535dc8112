from django.urls import path

from events.views import answers

urlpatterns = [
    path("events/invitations/", answers.my_invitations, name="my-invitations"),
    path("events/invitations/<int:pk>/", answers.invitation_answer, name="invitation-answer"),
    path("answer/<str:token>/", answers.answer, name="answer"),
    path("answer/<str:token>/thanks/", answers.answer_thanks, name="answer-thanks"),
]
