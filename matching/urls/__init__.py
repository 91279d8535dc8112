"""Addresses of the matching app, one file for each kind of work."""

from matching.urls import blocks, office, suggestions

app_name = "matching"
urlpatterns = [
    *blocks.urlpatterns,
    *office.urlpatterns,
    *suggestions.urlpatterns,
]
