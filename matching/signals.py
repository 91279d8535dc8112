"""News inside the matching app.

Sent inside the changing transaction: receivers enqueue tasks on commit.
"""

from django.dispatch import Signal

# Who may be suggested to whom has changed. Payload: ``cluster_id`` (int), one of the two.
candidates_changed = Signal()
