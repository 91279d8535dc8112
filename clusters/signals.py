"""News of this app for the apps above it.

Sent inside the changing transaction: receivers enqueue tasks with ``delay_on_commit``.
"""

from django.dispatch import Signal

# What others compute from a cluster has changed: its profile, needs, offers or whether it is
# published. Payload: ``cluster_id`` (int). Sender: the ``Cluster`` class.
profile_changed = Signal()
