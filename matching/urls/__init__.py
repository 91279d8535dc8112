"""Addresses of the matching app, one file for each kind of work."""

from matching.urls import office, suggestions

app_name = "matching"
urlpatterns = [
    *office.urlpatterns,
    *suggestions.urlpatterns,
]
