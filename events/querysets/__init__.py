"""The vocabulary of the events app: conditions with names, one file a noun."""

from events.querysets.event import PUBLIC_STATUSES, EventQuerySet
from events.querysets.invitation import InvitationQuerySet
from events.querysets.mailing import MailingMailQuerySet, MailingQuerySet
from events.querysets.minutes import MinutesItemQuerySet, SessionDocumentQuerySet
from events.querysets.registration import RegistrationQuerySet, SessionPlaceQuerySet

__all__ = [
    "PUBLIC_STATUSES",
    "EventQuerySet",
    "InvitationQuerySet",
    "MailingMailQuerySet",
    "MailingQuerySet",
    "MinutesItemQuerySet",
    "RegistrationQuerySet",
    "SessionDocumentQuerySet",
    "SessionPlaceQuerySet",
]
