"""The map of the five districts."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_cluster, make_district

pytestmark = pytest.mark.django_db


def drawn(client: Client, query: str = "") -> dict[str, tuple[str, str, str]]:
    """Link, number and colour step by the name of the district."""
    html = client.get(f"{reverse('clusters:cluster-list')}?{query}").content.decode()
    pattern = (
        r'<a href="\?([^"]*)"[^>]*class="cd-map__region cd-map__region--(\d)">.*?'
        r"cd-map__name[^>]*>([^<]+)</text>.*?cd-map__count[^>]*>(\d+)</text>"
    )
    return {name: (link, count, step) for link, step, name, count in re.findall(pattern, html)}


def test_districts_show_number_and_link(client: Client) -> None:
    koeln = make_district(code="koeln", short_name_de="Köln")
    make_district(code="detmold", short_name_de="Detmold")
    make_cluster(district=koeln)
    regions = drawn(client)
    assert regions["Köln"] == ("district=koeln", "1", "4")
    assert regions["Detmold"] == ("district=detmold", "0", "0")


def test_a_district_in_the_filter_links_to_its_removal_and_keeps_words(client: Client) -> None:
    make_district(code="koeln", short_name_de="Köln")
    make_district(code="detmold", short_name_de="Detmold")
    regions = drawn(client, "q=x&district=koeln")
    assert regions["Köln"][0] == "q=x"
    assert regions["Detmold"][0] == "q=x&amp;district=koeln&amp;district=detmold"


def test_clusters_without_evidenced_office_are_counted_beside_the_map(client: Client) -> None:
    make_district(code="koeln")
    make_cluster(district=None)
    make_cluster(district=None)
    html = client.get("/en/clusters/").content.decode()
    assert "2 clusters without an evidenced office are not on the map" in html


def test_the_source_of_the_outlines_is_named(client: Client) -> None:
    assert "© GeoBasis-DE / BKG" in client.get("/de/clusters/").content.decode()
