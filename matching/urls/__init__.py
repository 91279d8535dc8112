"""Addresses of the matching app, one file for each kind of work."""

from matching.urls import blocks, introductions, meetings, office, suggestions

app_name = "matching"
urlpatterns = [
    *introductions.urlpatterns,
    *blocks.urlpatterns,
    *meetings.urlpatterns,
    *office.urlpatterns,
    *suggestions.urlpatterns,
]
