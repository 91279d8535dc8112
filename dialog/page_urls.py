from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import path
from django.views.generic import TemplateView

from dialog import dashboard, moderation, pages, search, views, vocabulary


def _text(name: str) -> Callable[..., HttpResponseBase]:
    """A page that only shows its template."""
    return TemplateView.as_view(template_name=f"dialog/pages/{name}.html")


app_name = "dialog"
urlpatterns = [
    path("", views.home, name="home"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("moderation/", moderation.moderation, name="moderation"),
    path("search/", search.search_everything, name="search"),
    path("terms/", vocabulary.term_list, name="term-list"),
    path("terms/<slug:kind>/<slug:code>/", vocabulary.term_detail, name="term-detail"),
    path("display/", pages.set_theme, name="set-theme"),
    path("contact/", pages.contact, name="contact"),
    path("report-barrier/", pages.report_barrier, name="report-barrier"),
    path("open-source/", pages.open_source, name="open-source"),
    path("site-map/", pages.site_map, name="site-map"),
    path("imprint/", _text("imprint"), name="imprint"),
    path("privacy/", _text("privacy"), name="privacy"),
    path("accessibility/", _text("accessibility"), name="accessibility"),
    path("easy-language/", _text("easy_language"), name="easy-language"),
]
