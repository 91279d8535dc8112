from django.urls import path

from dialog import views

app_name = "dialog"
urlpatterns = [path("", views.home, name="home"), path("dashboard/", views.home, name="dashboard")]
