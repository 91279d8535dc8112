"""Many clusters that look like clusters, made inside PostgreSQL and the same in every run."""

import re

from django.db import connection, transaction

from clusters.choices import ClusterKind, TermKind
from clusters.models import District, InnovationField, Term
from clusters.search import refresh_search

COMMON = "Wasserstoff"
"""A word in the profile of every fifth cluster."""
RARE = "Quantensensorik"
"""A word in the profile of one in five hundred."""
_SYLLABLES = re.findall(
    r"\w+",
    "werk stoff bau tech mess licht kunst luft raum fahrt ver netz energie speicher bio chem mikro"
    " opt med logis tik prozess daten fabrik ober fläche guss form pump ventil sensor regel",
)
_WORDS = 2000
_PROFILE_WORDS = 60


def make_clusters(number: int) -> None:
    """Fill an empty database with vocabulary and ``number`` published clusters, searchable.

    One to two innovation fields, three to six terms each; every twentieth has a label, every
    tenth a public need, every fifth no evidenced district.
    """
    with transaction.atomic():
        _vocabulary()
        _clusters(number)
        _links()
        _labels_and_needs()
    refresh_search()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def clear() -> None:
    """Empty all tables ``make_clusters`` fills, and whatever hangs on them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE clusters_cluster, clusters_term, clusters_district,"
            " clusters_innovationfield RESTART IDENTITY CASCADE"
        )


def _vocabulary() -> None:
    for number in range(1, 8):
        names = {"name_de": f"Feld {number}", "name_en": f"Field {number}"}
        InnovationField.objects.create(code=f"field-{number}", number=number, **names)
    districts = ("arnsberg", "detmold", "duesseldorf", "koeln", "muenster")
    for number, code in enumerate(districts, 1):
        name = code.capitalize()
        District.objects.create(
            code=code, nuts=f"DEA{number}", name_de=name, name_en=name,
            short_name_de=name, short_name_en=name,
        )  # fmt: skip
    kinds = [(TermKind.TECHNOLOGY, 35), (TermKind.STAGE, 8), (TermKind.SECTOR, 20)]
    Term.objects.bulk_create(
        Term(
            kind=kind,
            code=f"{kind}-{number}",
            label_de=f"{_word(number * 7)} {_word(number)}".capitalize(),
            label_en=f"{kind} {_word(number)}",
            position=number,
        )
        for kind, count in kinds
        for number in range(count)
    )


def _word(number: int) -> str:
    """Return one of about 2,000 made-up words."""
    first, rest = divmod(number % _WORDS, len(_SYLLABLES))
    middle: str = _SYLLABLES[(number * 13 + 5) % len(_SYLLABLES)]
    return f"{_SYLLABLES[first % len(_SYLLABLES)]}{middle}{_SYLLABLES[rest]}"


def misspelt() -> str:
    """Return a word of some clusters' names with a letter missing."""
    word = _word(700)
    return word[:4] + word[5:]


def _clusters(number: int) -> None:
    words = [_word(index) for index in range(_WORDS)]
    kinds = [kind.value for kind in ClusterKind]
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        # Low numbers come often, high ones seldom, as words do in texts.
        cursor.execute(
            """
            INSERT INTO clusters_cluster (created_at, updated_at, published_at, slug, name,
                full_name, full_name_de, full_name_en, kind, kind_note, status, activity,
                activity_note, profile, profile_de, profile_en, city, district_id,
                location_status, location_note, founded_note, website, carrier, members_note,
                logo, contact_email, may_be_suggested, is_example, sources, search_text)
            SELECT now(), now(), now() - n * interval '1 minute', 'cluster-' || n,
                initcap(words[1 + mod(n, 1999)]) || ' ' || n || '.NRW', '', '', '',
                kinds[1 + mod(n, array_length(kinds, 1))], '', 'published', 'active', '',
                text.body, text.body, text.body, initcap(words[1 + mod(n, 60)]),
                CASE WHEN mod(n, 5) = 0 THEN NULL ELSE
                    (SELECT min(id) FROM clusters_district) + mod(n * 7 / 5, 5) END,
                'verified', '', '', '', '', '', '', '', true, false, '{}', ''
            FROM generate_series(1, %(number)s) AS n,
                (SELECT %(words)s::text[] AS words, %(kinds)s::text[] AS kinds) AS given,
                LATERAL (SELECT
                    string_agg(words[1 + 0 * w + floor(power(random(), 3) * 2000)::int], ' ')
                    || CASE WHEN mod(n, 5) = 1 THEN ' ' || %(common)s ELSE '' END
                    || CASE WHEN mod(n, 500) = 3 THEN ' ' || %(rare)s ELSE '' END AS body
                    FROM generate_series(1, %(length)s) AS w) AS text
            """,
            {
                "number": number,
                "words": words,
                "kinds": kinds,
                "common": COMMON,
                "rare": RARE,
                "length": _PROFILE_WORDS,
            },
        )


def _links() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO clusters_cluster_innovation_fields (cluster_id, innovationfield_id)
            SELECT c.id, (SELECT min(id) FROM clusters_innovationfield) + (c.id * 3 + k) % 7
            FROM clusters_cluster AS c, generate_series(0, (c.id % 2)::int) AS k
            """
        )
        cursor.execute(
            """
            INSERT INTO clusters_cluster_terms (cluster_id, term_id)
            SELECT DISTINCT c.id, (SELECT min(id) FROM clusters_term) + (c.id * 11 + k * k * 5) % 63
            FROM clusters_cluster AS c, generate_series(1, 3 + (c.id % 4)::int) AS k
            """
        )


def _labels_and_needs() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO clusters_labelaward (cluster_id, code, scheme, level, year, is_renewal,
                note, sources)
            SELECT id, 'label-' || id, 'ecei', (ARRAY['bronze', 'silver', 'gold'])[1 + id % 3],
                2024, false, '', '[]'
            FROM clusters_cluster WHERE id % 20 = 0
            """
        )
        cursor.execute(
            """
            INSERT INTO clusters_need (created_at, updated_at, cluster_id, text, text_de, text_en,
                confidentiality, status, source, is_example, search_text)
            SELECT now(), now(), id, body, body, body, 'public', 'published', '', false, ''
            FROM (SELECT id, left(profile_de, 120) AS body FROM clusters_cluster
                WHERE id % 10 = 0) AS texts
            """
        )
