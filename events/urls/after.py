from django.urls import path

from events.views import actions, documents, figures, minutes, reading, survey

urlpatterns = [
    path("events/actions/", actions.action_list, name="action-list"),
    path("events/actions/<int:pk>/done/", actions.action_done, name="action-done"),
    path("events/figures/", figures.figures_overview, name="figures-overview"),
    path("events/figures/table/", figures.figures_table, name="figures-table"),
    path("events/retention/", figures.retention_list, name="retention-list"),
    path("events/<slug:slug>/figures/", figures.event_figures, name="event-figures"),
    path(
        "events/<slug:slug>/figures/table/",
        figures.event_figures_table,
        name="event-figures-table",
    ),
    path("registration/<str:token>/survey/", survey.survey, name="survey"),
    path("events/<slug:slug>/survey/", survey.survey_results, name="survey-results"),
    path("events/<slug:slug>/survey/table/", survey.survey_table, name="survey-table"),
    path("events/<slug:slug>/minutes/", minutes.minutes, name="minutes"),
    path("events/<slug:slug>/minutes/read/", reading.minutes_read, name="minutes-read"),
    path("events/<slug:slug>/minutes/publish/", minutes.minutes_publish, name="minutes-publish"),
    path("events/<slug:slug>/minutes/withdraw/", minutes.minutes_withdraw, name="minutes-withdraw"),
    path("events/<slug:slug>/minutes/<int:pk>/", minutes.minutes_item, name="minutes-item"),
    path(
        "events/<slug:slug>/minutes/<int:pk>/move/",
        minutes.minutes_item_move,
        name="minutes-item-move",
    ),
    path(
        "events/<slug:slug>/minutes/<int:pk>/delete/",
        minutes.minutes_item_delete,
        name="minutes-item-delete",
    ),
    path("registration/<str:token>/minutes/", reading.minutes_link, name="minutes-link"),
    path(
        "registration/<str:token>/documents/<int:pk>/",
        reading.document_link,
        name="document-link",
    ),
    path("events/<slug:slug>/documents/", documents.document_list, name="document-list"),
    path("events/<slug:slug>/documents/<int:pk>/", documents.document, name="document"),
    path(
        "events/<slug:slug>/documents/<int:pk>/delete/",
        documents.document_delete,
        name="document-delete",
    ),
]
