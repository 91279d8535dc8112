from django.urls import path

from events.views import registrations

urlpatterns = [
    path("events/<slug:slug>/register/", registrations.register, name="event-register"),
    path("events/<slug:slug>/unregister/", registrations.unregister, name="event-unregister"),
    path("registration/<str:token>/", registrations.registration, name="registration"),
]
