from django.db import models
from django.utils.translation import gettext_lazy as _


class TokenScope(models.TextChoices):
    READ = "read", _("read")
    WRITE = "write", _("read and write")


# For how many days a token may be valid.
TOKEN_DAYS = (7, 30, 90, 365)
