"""What the doors of managers and staff have in common."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from accounts.models import User
from core.errors import DomainError


def person(request: HttpRequest) -> User:
    """Return the signed-in person; the door has sent everybody else to the sign-in page."""
    if not isinstance(request.user, User):
        raise TypeError("This page needs login_required.")
    return request.user


def act(request: HttpRequest, verb: Callable[[], object], done: str) -> bool:
    """Call a verb and tell the person how it went; return whether it worked."""
    try:
        verb()
    except DomainError as error:
        messages.error(request, error.message)
        return False
    messages.success(request, done)
    return True
