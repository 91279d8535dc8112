from django.db import models
from django.utils.translation import gettext_lazy as _


class MailKind(models.TextChoices):
    """What a mail is about: the unit of opting out."""

    ACCOUNT = "account", _("account")
    INVITATION = "invitation", _("invitation to an event")
    EVENT = "event", _("news about an event")
    REGISTRATION = "registration", _("own registration for an event")
    REVIEW = "review", _("decision on an entry")
    CONTACT = "contact", _("message through a contact form")
    SUGGESTION = "suggestion", _("partner suggestions")
    INTRODUCTION = "introduction", _("introduction to another cluster")
    TOPIC = "topic", _("news about a topic")


class MailPriority(models.IntegerChoices):
    """Lower goes first: a sign-in mail overtakes ten thousand invitations."""

    ACCOUNT = 0, _("account")
    NORMAL = 5, _("normal")
    BULK = 9, _("bulk")


class MailState(models.TextChoices):
    QUEUED = "queued", _("queued")
    PAUSED = "paused", _("paused")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
