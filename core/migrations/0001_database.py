"""What PostgreSQL must offer before the first table: extensions, folding, data versions."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations
from pgvector.django import VectorExtension

FOLD = """
CREATE FUNCTION core_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT public.unaccent('public.unaccent'::regdictionary,
        replace(replace(replace(replace(lower(value), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'), 'ß', 'ss'))
$$;
COMMENT ON FUNCTION core_fold(text) IS
    'Small letters, umlauts as two letters, no accents: how search compares words.';
"""

MOVE_VERSION = """
CREATE FUNCTION core_move_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core_dataversion (name, number) VALUES (TG_ARGV[0], 1)
    ON CONFLICT (name) DO UPDATE SET number = core_dataversion.number + 1;
    RETURN NULL;
END
$$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        VectorExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION core_fold(text)"),
        migrations.RunSQL(MOVE_VERSION, "DROP FUNCTION core_move_version()"),
    ]
