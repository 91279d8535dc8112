"""News from accounts that higher apps listen to."""

from django.dispatch import Signal

# Sent with ``user`` before an account is deleted, and before its deletion is offered. A receiver
# that raises DomainError forbids it with a text that says what to do first (the last manager of a
# cluster hands over). Receivers change nothing; what must go with the account listens to
# Django's ``pre_delete``.
account_deletion_requested = Signal()
