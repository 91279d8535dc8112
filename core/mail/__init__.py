"""Outgoing mail: a row before it is a task, so nothing that dies loses it.

``send`` writes one mail, ``prepare`` and ``queue_many`` write thousands that share their content.
How the rows leave the house is told in ``core.mail.delivery`` and in ``docs/mail.md``.
"""

from core.mail.outbox import Recipient, prepare, queue_many, send, send_again

__all__ = ["Recipient", "prepare", "queue_many", "send", "send_again"]
