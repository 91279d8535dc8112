"""Tables of the clusters app, one file a noun."""

from clusters.models.cluster import Cluster, Fact
from clusters.models.document import Document
from clusters.models.label import LabelAward
from clusters.models.membership import Membership, MembershipInvitation
from clusters.models.review import Application, ChangeRequest
from clusters.models.showcase import Cooperation, GoodPractice, Project
from clusters.models.statement import Need, Offer, Statement
from clusters.models.taxonomy import District, InnovationField, Term

__all__ = [
    "Application",
    "ChangeRequest",
    "Cluster",
    "Cooperation",
    "District",
    "Document",
    "Fact",
    "GoodPractice",
    "InnovationField",
    "LabelAward",
    "Membership",
    "MembershipInvitation",
    "Need",
    "Offer",
    "Project",
    "Statement",
    "Term",
]
