"""What beat does when: seconds between two runs, or an hour of the night.

Each task finds its own work in the database, so a run that is lost is only late.
"""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep-mails": {"task": "core.tasks.sweep_mails", "schedule": 60.0},
    "purge-idempotent-answers": {
        "task": "accounts.tasks.purge_idempotent_answers",
        "schedule": crontab(hour=3, minute=30),
    },
    "purge-clusters": {
        "task": "clusters.tasks.purge_personal_data",
        "schedule": crontab(hour=3, minute=40),
    },
    "send-waiting-invitations": {
        "task": "events.tasks.send_waiting_invitations",
        "schedule": 120.0,
    },
    "run-due-mailings": {"task": "events.tasks.run_due_mailings", "schedule": 60.0},
    "expire-offers": {"task": "events.tasks.expire_offers", "schedule": 60.0},
    "calculate-waiting-assignments": {
        "task": "events.tasks.calculate_waiting_assignments",
        "schedule": 120.0,
    },
    "send-due-change-notices": {
        "task": "events.tasks.send_due_change_notices",
        "schedule": 60.0,
    },
    "purge-mails": {"task": "core.tasks.purge_mails", "schedule": crontab(hour=3, minute=20)},
    "read-mailbox": {"task": "events.tasks.read_mailbox", "schedule": 180.0},
    "compute-waiting-effects": {
        "task": "matching.tasks.compute_waiting_effects",
        "schedule": 120.0,
    },
    "answer-waiting-inquiries": {
        "task": "matching.tasks.answer_waiting_inquiries",
        "schedule": 120.0,
    },
    "cancel-meetings-with-events": {
        "task": "matching.tasks.cancel_meetings_with_events",
        "schedule": 60.0,
    },
    "run-waiting-solvings": {
        "task": "matching.tasks.run_waiting_solvings",
        "schedule": 60.0,
    },
    "compute-waiting-teams": {
        "task": "matching.tasks.compute_waiting_teams",
        "schedule": 60.0,
    },
    "compute-vectors": {"task": "matching.tasks.compute_vectors", "schedule": 300.0},
    "compute-suggestions": {
        "task": "matching.tasks.compute_suggestions",
        "schedule": crontab(hour=2, minute=40),
    },
    "resume-round": {"task": "matching.tasks.resume_round", "schedule": 60.0},
    "care-for-introductions": {
        "task": "matching.tasks.care_for_introductions",
        "schedule": crontab(minute=20),
    },
    "send-digests": {
        "task": "matching.tasks.send_digests",
        "schedule": crontab(hour=7, minute=40),
    },
    "forget-introductions": {
        "task": "matching.tasks.forget_introductions",
        "schedule": crontab(hour=3, minute=50),
    },
    "remind-of-actions": {
        "task": "events.tasks.remind_of_actions",
        "schedule": crontab(hour=7, minute=30),
    },
    "remove-personal-data": {
        "task": "events.tasks.remove_personal_data",
        "schedule": crontab(hour=3, minute=5),
    },
}
