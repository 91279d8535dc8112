"""Outgoing mail: a row before it is a task, so nothing that dies loses it.

``send`` writes one mail, ``prepare`` and ``queue_many`` write thousands that share their content,
``pause`` and ``resume`` hold them back. ``record_bounce`` notes what came back.
How the rows leave the house is told in ``core.mail.delivery`` and in ``docs/mail.md``.
"""

from core.mail.bounces import blocked, lift_block, record_bounce
from core.mail.outbox import (
    Queued,
    Recipient,
    pause,
    prepare,
    queue_many,
    resume,
    send,
    send_again,
)

__all__ = [
    "Queued",
    "Recipient",
    "blocked",
    "lift_block",
    "pause",
    "prepare",
    "queue_many",
    "record_bounce",
    "resume",
    "send",
    "send_again",
]
