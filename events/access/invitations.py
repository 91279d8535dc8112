"""Answering invitations."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.models import User
from events.models import Event, Invitation
from events.tokens import read_token


def get_invitation_for_answering(user: User, pk: int) -> Invitation:
    """Return an invitation that reached ``user``."""
    invitations = Invitation.objects.of_user(user).select_related("event")
    found: Invitation = get_object_or_404(
        invitations.filter(event__in=Event.objects.published().values("pk")), pk=pk
    )
    return found


def get_invitation_by_token(token: str) -> Invitation:
    """Return the invitation a link from a mail stands for; altered links lead nowhere."""
    pk = read_token(token)
    if pk is None:
        raise Http404(_("This link is not complete. Please copy it from the mail once more."))
    published = Event.objects.published().values("pk")
    found: Invitation = get_object_or_404(
        Invitation.objects.filter(event__in=published).select_related("event"), pk=pk
    )
    return found
