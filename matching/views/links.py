"""What pages behind links in mails have in common."""

from django.http import HttpResponse


def unlisted(response: HttpResponse) -> HttpResponse:
    """Keep an address that is as good as a key out of search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
