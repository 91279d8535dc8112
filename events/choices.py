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


class EventPhase(models.TextChoices):
    """Where an event stands: its status and, once published, what the clock says."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for review")
    PUBLISHED = "published", _("published")
    RUNNING = "running", _("running")
    DONE = "done", _("finished")
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
    COLLEAGUE = "colleague", _("a colleague comes")


class AnswerSource(models.TextChoices):
    """How an answer reached us."""

    LINK = "link", _("link in the mail")
    PORTAL = "portal", _("portal")
    CALENDAR = "calendar", _("calendar program")
    STAFF = "staff", _("office")


class RegistrationState(models.TextChoices):
    REQUESTED = "requested", _("waiting for approval")
    REGISTERED = "registered", _("registered")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("place offered")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")
    ATTENDED = "attended", _("attended")


class Decision(models.TextChoices):
    """What staff makes of a proposed event."""

    ACCEPT = "accept", _("accept and publish")
    RETURN = "return", _("ask for changes")
    DECLINE = "decline", _("decline")


class RegistrationSource(models.TextChoices):
    """Which door a registration came through."""

    PORTAL = "portal", _("portal")
    INVITATION = "invitation", _("answer to an invitation")
    COLLEAGUE = "colleague", _("named by a colleague")
    CALENDAR = "calendar", _("calendar program")
    API = "api", _("API")
    STAFF = "staff", _("office")
    WALK_IN = "walk_in", _("came without registration")


class ParticipantGroup(models.TextChoices):
    PARTICIPANT = "participant", _("participants")
    SPEAKER = "speaker", _("speakers")
    MODERATOR = "moderator", _("moderators")
    TEAM = "team", _("team")


class WaitingMode(models.TextChoices):
    """Who passes a free place on to the waiting list."""

    AUTOMATIC = "automatic", _("the portal, in order of arrival")
    STAFF = "staff", _("the office, by hand")


class ChoiceMode(models.TextChoices):
    """How people come into the parallel workshops."""

    NONE = "none", _("everybody goes where they like")
    FIRST_COME = "first_come", _("who comes first chooses first")
    WISHES = "wishes", _("ranked wishes, assigned all at once")


class PlaceState(models.TextChoices):
    """A place in one session."""

    HELD = "held", _("place")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("place offered")


class AssignmentState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    REPLACED = "replaced", _("replaced")


class QuestionKind(models.TextChoices):
    TEXT = "text", _("text")
    CHOICE = "choice", _("one of several")
    SEVERAL = "several", _("several of several")
    CONSENT = "consent", _("consent")
    SCALE = "scale", _("from 1 to 5")


class QuestionStage(models.TextChoices):
    """When a question is asked."""

    REGISTRATION = "registration", _("when registering")
    ACCEPTANCE = "acceptance", _("after acceptance")
    SURVEY = "survey", _("after the event")


class MailOccasion(models.TextChoices):
    """What an event's mails to many are about."""

    INVITATION = "invitation", _("invitation")
    REMINDER = "reminder", _("reminder to those who have not answered")
    BEFORE = "before", _("information before the event")
    AFTER = "after", _("thanks after the event")


class AccessLevel(models.TextChoices):
    """Who may read minutes and documents of an event."""

    STAFF = "staff", _("office only")
    PARTICIPANTS = "participants", _("participants")
    CLUSTERS = "clusters", _("all clusters")
    PUBLIC = "public", _("everybody")


class MinutesKind(models.TextChoices):
    DECISION = "decision", _("decision")
    ACTION = "action", _("action")
    NOTE = "note", _("note")


class PlaceNews(models.TextChoices):
    """What a mail tells a person about their registration."""

    CONFIRMED = "confirmed", _("registration confirmed")
    REQUESTED = "requested", _("registration waits for approval")
    APPROVED = "approved", _("registration approved")
    DECLINED = "declined", _("registration declined")
    WAITING = "waiting", _("on the waiting list")
    OFFERED = "offered", _("place offered")
    LAPSED = "lapsed", _("offer run out, waiting again")
    LAPSED_OUT = "lapsed_out", _("offer run out for the second time")
    PROMOTED = "promoted", _("place given from the waiting list")
    NAMED = "named", _("named by a colleague")
    REPLACED = "replaced", _("somebody else was named")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MAYBE = "maybe", _("place given back for the time being")
    REMOVED = "removed", _("cancelled by the office")
    RESTORED = "restored", _("taken up again by the office")
    SESSION_OFFERED = "session_offered", _("place in a session offered")
    SESSION_GIVEN = "session_given", _("place in a session given")
    SESSION_LAPSED = "session_lapsed", _("offer of a place in a session run out")
