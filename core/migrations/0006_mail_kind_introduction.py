from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_mail_kind_registration"),
    ]

    operations = [
        migrations.AlterField(
            model_name="mailcontent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("account", "account"),
                    ("invitation", "invitation to an event"),
                    ("event", "news about an event"),
                    ("registration", "own registration for an event"),
                    ("review", "decision on an entry"),
                    ("contact", "message through a contact form"),
                    ("suggestion", "partner suggestions"),
                    ("introduction", "introduction to another cluster"),
                    ("topic", "news about a topic"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="mailoptout",
            name="kind",
            field=models.CharField(
                choices=[
                    ("account", "account"),
                    ("invitation", "invitation to an event"),
                    ("event", "news about an event"),
                    ("registration", "own registration for an event"),
                    ("review", "decision on an entry"),
                    ("contact", "message through a contact form"),
                    ("suggestion", "partner suggestions"),
                    ("introduction", "introduction to another cluster"),
                    ("topic", "news about a topic"),
                ],
                max_length=20,
            ),
        ),
    ]
