from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0006_what_outlives_retention"),
    ]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="lapsed_offers",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="sessionplace",
            name="lapsed_offers",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
    ]
