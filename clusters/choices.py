from django.db import models
from django.utils.translation import gettext_lazy as _


class ClusterKind(models.TextChoices):
    STATE_CLUSTER = "landescluster", _("state cluster")
    LEADING_EDGE = "spitzencluster", _("leading-edge cluster")
    FUTURE_CLUSTER = "zukunftscluster", _("future cluster (Clusters4Future)")
    COMPETENCE_NETWORK = "kompetenznetzwerk", _("competence network")
    ALLIANCE = "allianz", _("alliance")
    SECTOR_NETWORK = "cluster", _("cluster or sector network")
    STATE_COMPANY = "landesgesellschaft", _("state company")
    INITIATIVE = "initiative", _("initiative or competence centre")


class ClusterStatus(models.TextChoices):
    """How far the profile is on its way to the public."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


class ClusterActivity(models.TextChoices):
    """Whether the organisation itself is still at work."""

    ACTIVE = "active", _("active")
    MERGED = "merged", _("merged into another organisation")
    ENDED = "ended", _("ended")
    UNKNOWN = "unknown", _("not known")


class LocationStatus(models.TextChoices):
    VERIFIED = "verified", _("office evidenced by a source")
    WEAK = "weak", _("office only indicated")
    UNKNOWN = "unknown", _("office not evidenced")


class TermKind(models.TextChoices):
    TECHNOLOGY = "technology", _("technology")
    SECTOR = "sector", _("sector (NACE)")
    ECOSYSTEM = "ecosystem", _("industrial ecosystem")
    STAGE = "stage", _("value-chain stage")
    TARGET_GROUP = "target_group", _("target group")
    SERVICE = "service", _("cluster service")
    THEME = "theme", _("theme")


class TermGroup(models.TextChoices):
    """Where themes come from; other kinds of terms have no groups."""

    PANORAMA = "panorama_topic", _("topic areas of the Cluster-Panorama NRW")
    PRINCIPLE = "ris_principle_nrw", _("principles of the innovation strategy NRW")
    DRIVER = "driver", _("drivers of transformation")
    FUTURE = "future_topic_rlp", _("future topics (Rhineland-Palatinate)")
    CROSS_INNOVATION = "cross_innovation_rlp", _("cross-innovation (Rhineland-Palatinate)")
    WORKSHOP = "workshop_theme_rlp", _("workshop themes (Rhineland-Palatinate)")
    STRATEGY_FIELD = "ris_field_rlp", _("potential fields (Rhineland-Palatinate)")


class Role(models.TextChoices):
    MANAGER = "manager", _("manager")
    MEMBER = "member", _("member")


class Confidentiality(models.TextChoices):
    """Who may read an entry; each level includes those before it."""

    PUBLIC = "public", _("everybody")
    CLUSTERS = "clusters", _("signed-in clusters and staff")
    STAFF = "staff", _("own cluster and NRW.innovativ staff only")


class StatementStatus(models.TextChoices):
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


class LabelLevel(models.TextChoices):
    BRONZE = "bronze", _("bronze")
    SILVER = "silver", _("silver")
    GOLD = "gold", _("gold")


class ReviewState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for review")
    CHANGES_REQUESTED = "changes_requested", _("changes requested")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class ChangeTarget(models.TextChoices):
    PROFILE = "profile", _("profile")
    NEED = "need", _("need")
    OFFER = "offer", _("offer")


class CooperationKind(models.TextChoices):
    RELATED = "related", _("related organisation")
    PROJECT = "project", _("joint project")
    PARTNERSHIP = "partnership", _("partnership")
