"""All routes. Pages live below their language, machines' addresses beside it."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from dialog import health

handler400 = "dialog.errors.bad_request"
handler403 = "dialog.errors.permission_denied"
handler404 = "dialog.errors.page_not_found"
handler500 = "dialog.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/", include("dialog.api_urls")),
    path("", include("events.feed_urls")),
    path("", include("dialog.wellknown_urls")),
]

urlpatterns += i18n_patterns(
    path("", include("dialog.page_urls")),
    path("", include("clusters.urls")),
    path("", include("topics.urls")),
    path("", include("events.urls")),
    path("", include("matching.urls")),
    path("", include("accounts.urls")),
    path("mail/", include("core.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
    path("admin/", admin.site.urls),
)
