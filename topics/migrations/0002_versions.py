"""Public tables move the data version whenever they change."""

from django.db import migrations

from core.versions import triggers

TABLES = [
    "topics_actionitem",
    "topics_endorsement",
    "topics_topic",
    "topics_topic_innovation_fields",
    "topics_topic_terms",
]


class Migration(migrations.Migration):
    dependencies = [("topics", "0001_initial")]
    operations = [triggers(TABLES)]
