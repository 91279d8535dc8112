"""Words for the mails of a mailing."""

from typing import Any, Self

from django.db import models


class MailingMailQuerySet(models.QuerySet[Any]):
    def unwritten(self) -> Self:
        """Recipients whose mail was not handed to ``core.mail`` yet."""
        return self.filter(queued_at=None)
