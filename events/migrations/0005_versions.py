"""The new public tables move the data version, too; waiting lists get their order."""

from django.db import migrations
from django.db.models import F

from core.versions import triggers

TABLES = ["events_eventseries", "events_minutesitem", "events_sessiondocument"]


def order_waiting_lists(apps, schema_editor):
    """Who waited before arrival was kept waits since the row last changed."""
    registrations = apps.get_model("events", "Registration").objects
    registrations.filter(state="waiting", waiting_since=None).update(waiting_since=F("updated_at"))


class Migration(migrations.Migration):
    dependencies = [("events", "0004_plan_to_minutes")]
    operations = [
        migrations.RunPython(order_waiting_lists, migrations.RunPython.noop),
        triggers(TABLES),
    ]
