"""Invitations lose their address when the event's retention ends; its figures stay."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("events", "0005_versions")]
    operations = [
        migrations.AddField(
            "event",
            "minutes_announced_at",
            models.DateTimeField(null=True, blank=True, editable=False),
        ),
        migrations.AddField(
            "invitation",
            "is_undelivered",
            models.BooleanField(default=False, verbose_name="could not be delivered"),
        ),
        migrations.AlterField(
            "invitation",
            "email",
            models.EmailField(blank=True, max_length=254, verbose_name="e-mail address"),
        ),
        migrations.RemoveConstraint("invitation", "invitation_once_per_event"),
        migrations.AddConstraint(
            "invitation",
            models.UniqueConstraint(
                Lower("email"),
                "event",
                name="invitation_once_per_event",
                condition=~models.Q(email=""),
            ),
        ),
    ]
