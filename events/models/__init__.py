"""Tables of the events app, one file a noun."""

from events.models.event import Event, Session
from events.models.invitation import Invitation
from events.models.registration import Registration

__all__ = ["Event", "Invitation", "Registration", "Session"]
