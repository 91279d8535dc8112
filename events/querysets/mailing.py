"""Words for the mails of a mailing."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from core.choices import MailState


class MailingMailQuerySet(models.QuerySet[Any]):
    def unwritten(self) -> Self:
        """Recipients whose mail was not handed to ``core.mail`` yet."""
        return self.filter(queued_at=None)

    def with_cluster(self) -> Self:
        """Add ``cluster_name``: of the registration or invitation, empty without a cluster."""
        return self.annotate(
            cluster_name=Coalesce(
                F("registration__cluster__name"),
                F("invitation__cluster__name"),
                models.Value(""),
            )
        )


class MailingQuerySet(models.QuerySet[Any]):
    def with_progress(self) -> Self:
        """Add how many mails there are, how many have left, and how many could not."""
        is_open = Q(mails__queued_at=None) | Q(
            mails__mail__state__in=(MailState.QUEUED, MailState.SENDING, MailState.PAUSED)
        )
        return self.annotate(
            total=Count("mails"),
            pending=Count("mails", filter=is_open),
            failed=Count("mails", filter=Q(mails__mail__state=MailState.FAILED)),
        )
