from django.urls import path

from dialog import pages

urlpatterns = [
    path(".well-known/security.txt", pages.security_txt, name="security-txt"),
    path("robots.txt", pages.robots_txt, name="robots-txt"),
]
