from django.urls import URLPattern, path

from matching.views import feedback, introduction_links, introduction_office, introductions

_PAIR = "clusters/<slug:slug>/suggestions/<slug:partner>/"
_ONE = "introductions/<int:pk>/"
_OFFICE = "moderation/introductions/"

urlpatterns: list[URLPattern] = [
    path(f"{_PAIR}introduce/", introductions.introduction_create, name="introduction-create"),
    path(f"{_PAIR}undo/", feedback.feedback_undo, name="feedback-undo"),
    path(f"{_PAIR}feedback/<slug:kind>/", feedback.feedback_create, name="feedback-create"),
    path("my/introductions/", introductions.my_introductions, name="my-introductions"),
    path("my/notifications/", feedback.notifications, name="notifications"),
    path(_ONE, introductions.introduction_detail, name="introduction-detail"),
    path(f"{_ONE}reply/", introductions.introduction_reply, name="introduction-reply"),
    path(f"{_ONE}withdraw/", introductions.introduction_withdraw, name="introduction-withdraw"),
    path(f"{_ONE}outcome/", introductions.introduction_outcome, name="introduction-outcome"),
    path(f"{_ONE}dates/", introductions.introduction_dates, name="introduction-dates"),
    path(f"{_ONE}dates/choose/", introductions.introduction_choose, name="introduction-choose"),
    path(f"{_ONE}dates.ics", introductions.introduction_calendar, name="introduction-calendar"),
    path(
        "introductions/answer/<str:token>/",
        introduction_links.introduction_answer,
        name="introduction-answer",
    ),
    path(
        "introductions/outcome/<str:token>/",
        introduction_links.introduction_outcome_link,
        name="introduction-outcome-link",
    ),
    path("suggestions/answer/<str:token>/", feedback.suggestion_answer, name="suggestion-answer"),
    path(_OFFICE, introduction_office.introduction_list, name="introduction-list"),
    path(f"{_OFFICE}new/", introduction_office.introduction_propose, name="introduction-propose"),
    path(f"{_OFFICE}funnel/", introduction_office.introduction_funnel, name="introduction-funnel"),
    path(
        f"{_OFFICE}funnel.csv",
        introduction_office.introduction_funnel_csv,
        name="introduction-funnel-csv",
    ),
    path(
        f"{_OFFICE}<int:pk>/", introduction_office.introduction_office, name="introduction-office"
    ),
    path(
        f"{_OFFICE}<int:pk>/mail/", introduction_office.introduction_mail, name="introduction-mail"
    ),
    path(
        f"{_OFFICE}<int:pk>/outcome/",
        introduction_office.introduction_office_outcome,
        name="introduction-office-outcome",
    ),
    path(
        f"{_OFFICE}<int:pk>/outcome/<int:outcome>/remove/",
        introduction_office.outcome_remove,
        name="outcome-remove",
    ),
]
