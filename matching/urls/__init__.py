"""Addresses of the matching app, one file for each kind of work."""

from matching.urls import suggestions

app_name = "matching"
urlpatterns = [
    *suggestions.urlpatterns,
]
