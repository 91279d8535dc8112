from django.urls import URLPattern, path

from matching import views

app_name = "matching"
urlpatterns: list[URLPattern] = [
    path("clusters/<slug:slug>/suggestions/", views.suggestion_list, name="suggestion-list"),
    path("my/suggestions/", views.my_suggestions, name="my-suggestions"),
    path("suggestions/method/", views.method, name="method"),
]
