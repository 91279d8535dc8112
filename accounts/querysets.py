"""The vocabulary of API tokens."""

from typing import Any, Self

from django.db import models
from django.utils import timezone


class ApiTokenQuerySet(models.QuerySet[Any]):
    """Tokens by whether they open anything."""

    def active(self) -> Self:
        """Tokens that are neither revoked nor expired."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())
