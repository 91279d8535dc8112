"""What allauth tells us."""

from typing import Any

from allauth.account.signals import password_reset
from django.dispatch import receiver

from accounts.models import User
from accounts.services import confirm_address


@receiver(password_reset, dispatch_uid="accounts.confirm_address")
def _confirm_address(user: User, **kwargs: Any) -> None:
    confirm_address(user=user)
