from django.urls import path

from dialog import pages

urlpatterns = [
    path(".well-known/security.txt", pages.security_txt, name="security-txt"),
    # Asked for by browsers wherever a page names no icon, such as the answer of the API.
    path("favicon.ico", pages.favicon, name="favicon"),
    path("robots.txt", pages.robots_txt, name="robots-txt"),
]
