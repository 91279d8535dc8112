"""The version of public data, moved by triggers inside the changing transaction.

Caches and ETags are keyed by it: read the number first, the data second, and old data never
stands under a new number.
"""

from collections.abc import Sequence

from django.db import connection, migrations

PUBLIC = "public"


def triggers(tables: Sequence[str], name: str = PUBLIC) -> migrations.RunSQL:
    """Return the migration operation that moves version ``name`` when one of ``tables`` changes.

    Statement triggers: a bulk change of 10,000 rows moves the number once.
    """
    forward = "".join(
        f"CREATE TRIGGER core_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION core_move_version('{name}');\n"
        for table in tables
    )
    backward = "".join(f"DROP TRIGGER core_version ON {table};\n" for table in tables)
    return migrations.RunSQL(forward, backward)


def current(name: str = PUBLIC) -> int:
    """Return the version number of the data as this connection sees them now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM core_dataversion WHERE name = %s", [name])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
