"""The person behind a request."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the person who is signed in; views call it behind ``login_required``."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
