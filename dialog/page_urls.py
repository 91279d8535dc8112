from django.urls import path

from dialog import pages, views

app_name = "dialog"
urlpatterns = [
    path("", views.home, name="home"),
    path("dashboard/", views.home, name="dashboard"),
    path("display/", pages.set_theme, name="set-theme"),
]
