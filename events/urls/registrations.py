from django.urls import path

from events.views import registration_list, registration_page, registrations, session_lists

urlpatterns = [
    path("events/<slug:slug>/register/", registrations.register, name="event-register"),
    path(
        "events/<slug:slug>/register/colleagues/",
        registrations.register_colleagues,
        name="register-colleagues",
    ),
    path("events/<slug:slug>/unregister/", registrations.unregister, name="event-unregister"),
    path(
        "events/<slug:slug>/my-registration/",
        registrations.my_registration,
        name="my-registration",
    ),
    path(
        "events/<slug:slug>/registrations/",
        registration_list.registration_list,
        name="registration-list",
    ),
    path(
        "events/<slug:slug>/registrations/act/",
        registration_list.registrations_act,
        name="registrations-act",
    ),
    path(
        "events/<slug:slug>/registrations/add/",
        registration_list.registration_add,
        name="registration-add",
    ),
    path(
        "events/<slug:slug>/registrations/sessions/",
        session_lists.session_list,
        name="session-list",
    ),
    path(
        "events/<slug:slug>/registrations/sessions/<int:pk>/",
        session_lists.session_place_pass,
        name="session-place-pass",
    ),
    path(
        "events/<slug:slug>/expectations/",
        registration_list.expectation_list,
        name="expectation-list",
    ),
    path("registration/<str:token>/", registration_page.registration, name="registration"),
    *[
        path(
            f"registration/<str:token>/{act}/",
            registration_page.registration_act,
            {"act": act},
            name=f"registration-{act}",
        )
        for act in ("withdraw", "accept", "decline", "again")
    ],
    path(
        "registration/<str:token>/session/<int:pk>/",
        registration_page.registration_session,
        name="registration-session",
    ),
]
