"""Who may ask: somebody signed in, or a visitor."""

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser

from accounts.models import User

Person: TypeAlias = User | AnonymousUser
