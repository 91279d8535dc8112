"""Keep vectors in their rows: as large values stored apart, each would be fetched on its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matching", "0013_meeting_calendar")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE matching_textvector ALTER COLUMN vector SET STORAGE PLAIN",
            "ALTER TABLE matching_textvector ALTER COLUMN vector SET STORAGE EXTERNAL",
        )
    ]
