from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    PLENARY = "plenary", _("plenary")
    EXCHANGE = "exchange", _("exchange")
    INFO_SESSION = "info_session", _("information session")
    MATCHING = "matching", _("matching event")
    CONFERENCE = "conference", _("conference")
    WORKSHOP = "workshop", _("workshop")
    MILESTONE = "milestone", _("milestone")


class EventFormat(models.TextChoices):
    ON_SITE = "on_site", _("on site")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("hybrid")
    UNKNOWN = "unknown", _("format not known")


class EventStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for review")
    PUBLISHED = "published", _("published")
    CANCELLED = "cancelled", _("cancelled")
    DECLINED = "declined", _("declined")


class DatePrecision(models.TextChoices):
    """How exactly the date is known; pages show no more than that."""

    TIME = "time", _("time known")
    DAY = "day", _("day known")
    MONTH = "month", _("month known")
    YEAR = "year", _("year known")


class SessionPart(models.TextChoices):
    PLENARY = "plenary", _("plenary part")
    PARALLEL = "parallel", _("parallel workshop")
    BREAK = "break", _("break")


class Answer(models.TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")
    MAYBE = "maybe", _("maybe")


class RegistrationState(models.TextChoices):
    REGISTERED = "registered", _("registered")
    WAITING = "waiting", _("on the waiting list")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")
    ATTENDED = "attended", _("attended")


class Decision(models.TextChoices):
    """What staff makes of a proposed event."""

    ACCEPT = "accept", _("accept and publish")
    RETURN = "return", _("ask for changes")
    DECLINE = "decline", _("decline")
