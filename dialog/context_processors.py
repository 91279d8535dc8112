"""What the frame of every page needs to know."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject

THEMES = {"light", "dark"}


def alternates(request: HttpRequest) -> list[tuple[str, str]]:
    """The address of this page in each language, query included; empty where it has only one."""
    here = request.get_full_path()
    codes = [code for code, _name in settings.LANGUAGES]
    if not here.startswith(tuple(f"/{code}/" for code in codes)):
        return []
    found = []
    for code in codes:
        url = translate_url(here, code)
        if not url.startswith(f"/{code}/"):
            # An address without a page (404): at least the frame changes its language.
            url = f"/{code}/{here.split('/', 2)[2]}"
        found.append((code, url))
    return found


def portal(request: HttpRequest) -> dict[str, object]:
    """Settings the frame shows, the chosen display and the same page in other languages."""
    theme = request.COOKIES.get("theme", "")
    return {
        "DEMO": settings.DEMO,
        "CONTACT_EMAIL": settings.CONTACT_EMAIL,
        "OPERATOR_NAME": settings.OPERATOR_NAME,
        "OPERATOR_ADDRESS": settings.OPERATOR_ADDRESS,
        "OPERATOR_PHONE": settings.OPERATOR_PHONE,
        "SOURCE_URL": settings.SOURCE_URL,
        "base_url": settings.BASE_URL,
        "theme": theme if theme in THEMES else "",
        "alternates": SimpleLazyObject(lambda: alternates(request)),
    }
