"""Why two clusters are not suggested to each other."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rule(models.TextChoices):
    """Rules about a pair, asked before anything is scored."""

    ORGANISATION = "organisation", _("the same organisation, or run by it")
    PEOPLE = "people", _("managed by the same person")
    BLOCKED = "blocked", _("not to be suggested")
    DECLINED = "declined", _("declined in the last 12 months")
    TALKS = "talks", _("introduced to each other, or asked in the last 12 months")
    PARTNERS = "partners", _("in a running joint project")
