from django.urls import URLPattern, path

from matching.views import suggestions

urlpatterns: list[URLPattern] = [
    path("clusters/<slug:slug>/suggestions/", suggestions.suggestion_list, name="suggestion-list"),
    path("my/suggestions/", suggestions.my_suggestions, name="my-suggestions"),
    path("suggestions/method/", suggestions.method, name="method"),
]
