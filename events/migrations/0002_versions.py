"""Public tables move the data version whenever they change."""

from django.db import migrations

from core.versions import triggers

TABLES = [
    "events_event",
    "events_event_clusters",
    "events_event_innovation_fields",
    "events_event_terms",
    "events_event_topics",
    "events_session",
    "events_session_terms",
]


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [triggers(TABLES)]
