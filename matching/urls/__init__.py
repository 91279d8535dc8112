"""Addresses of the matching app, one file for each kind of work."""

from matching.urls import blocks, calls, introductions, meetings, office, questions, suggestions

app_name = "matching"
urlpatterns = [
    *introductions.urlpatterns,
    *blocks.urlpatterns,
    *calls.urlpatterns,
    *meetings.urlpatterns,
    *office.urlpatterns,
    *questions.urlpatterns,
    *suggestions.urlpatterns,
]
