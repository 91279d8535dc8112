"""The first published weights: docs/matching.md gives the reasons."""

from django.db import migrations
from django.db.models.functions import Now


def publish(apps, schema_editor):
    apps.get_model("matching", "Weights").objects.get_or_create(
        version=1,
        defaults={
            "need": 0.30,
            "chain": 0.15,
            "bridge": 0.15,
            "cross_innovation": 0.15,
            "text": 0.10,
            "trust": 0.15,
            "published_at": Now(),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_round_failure")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop, elidable=False)]
