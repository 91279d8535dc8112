"""News of this app for the apps above it.

Sent inside the changing transaction: receivers enqueue tasks with ``delay_on_commit``.
"""

from django.dispatch import Signal

# A cluster gave, changed or took back its voice. Payload: ``cluster_id`` and ``topic_id`` (int).
# Sender: the ``Endorsement`` class.
endorsement_changed = Signal()
