from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0014_vectors_inline"),
    ]

    operations = [
        migrations.AddField(
            model_name="introduction",
            name="grounds",
            field=models.JSONField(default=dict),
        ),
    ]
