"""Home, notices, messages to the office, addresses for machines."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from clusters.choices import ClusterStatus
from core.models import OutgoingMail
from dialog.packages import browser_packages, python_packages
from events.choices import EventStatus
from tests.factories import make_cluster, make_district, make_event, make_field, make_topic
from topics.choices import TopicStatus

pytestmark = pytest.mark.django_db

NOTICES = [
    "imprint",
    "privacy",
    "accessibility",
    "easy-language",
    "open-source",
    "site-map",
    "contact",
    "report-barrier",
]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", NOTICES)
def test_notice_is_there_and_linked_from_the_footer(
    client: Client, name: str, language: str
) -> None:
    path = f"/{language}/{name}/"
    assert client.get(path).status_code == 200
    assert f'href="{path}"' in client.get(f"/{language}/").content.decode()


def test_home_shows_what_is_new_and_hides_what_is_not_public(client: Client) -> None:
    make_cluster(name="Published One")
    make_cluster(name="Draft One", status=ClusterStatus.DRAFT)
    make_event(title_de="Coming Meeting")
    make_event(title_de="Planned Meeting", status=EventStatus.DRAFT)
    make_topic(title_de="Open Topic")
    make_topic(title_de="Proposed Topic", status=TopicStatus.PROPOSED)
    html = client.get("/de/").content.decode()
    for shown in ("Published One", "Coming Meeting", "Open Topic"):
        assert shown in html
    for hidden in ("Draft One", "Planned Meeting", "Proposed Topic"):
        assert hidden not in html


def test_home_shows_past_events_only_while_none_is_coming(client: Client) -> None:
    make_event(timezone.now() - timedelta(days=30), title_de="Past Meeting")
    assert "Past Meeting" in client.get("/de/").content.decode()
    make_event(title_de="Coming Meeting")
    html = client.get("/de/").content.decode()
    assert "Coming Meeting" in html
    assert "Past Meeting" not in html


def test_home_map_counts_published_clusters_of_a_district(client: Client) -> None:
    district = make_district(code="koeln", short_name_de="Köln")
    make_cluster(district=district)
    make_cluster(district=district)
    make_cluster(district=district, status=ClusterStatus.DRAFT)
    html = client.get("/de/").content.decode()
    assert re.search(r"<text [^>]*>Köln</text> <text [^>]*>2</text>", html)


def test_home_asks_the_same_number_of_questions_for_2_and_20_rows(
    client: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def fill(number: int) -> int:
        for _ in range(number):
            field = make_field()
            make_cluster(district=make_district(), innovation_fields=[field])
            make_event().innovation_fields.add(field)
            make_topic()
        with CaptureQueriesContext(connection) as queries:
            client.get("/de/")
        return len(queries)

    few = fill(2)
    assert fill(18) == few


def test_message_reaches_the_office_and_says_how_to_answer(
    client: Client, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    values = {"subject": "Typo", "message": "On page <b>one</b>", "email": "me@visitor.example"}
    response = client.post("/de/contact/", values, follow=True)
    mail = OutgoingMail.objects.get()
    assert mail.to == settings.CONTACT_EMAIL
    assert mail.content.reply_to == "me@visitor.example"
    assert "Typo" in mail.content.subject
    assert "On page <b>one</b>" in mail.content.text
    assert "<b>one</b>" not in mail.content.html
    reference = re.search(r"[0-9A-F]{8}", mail.content.text)
    assert reference
    assert reference[0] in response.content.decode()


def test_incomplete_message_is_not_sent_and_keeps_what_was_entered(client: Client) -> None:
    response = client.post("/de/contact/", {"subject": "", "message": "Kept text", "email": "no"})
    html = response.content.decode()
    assert not OutgoingMail.objects.exists()
    assert "Kept text" in html
    assert 'href="#id_subject"' in html
    assert 'href="#id_email"' in html


def test_barrier_report_names_the_page(client: Client) -> None:
    assert "/de/clusters/" in client.get("/de/report-barrier/?page=/de/clusters/").content.decode()
    client.post("/de/report-barrier/", {"page": "/de/clusters/", "message": "Cannot tab"})
    text = OutgoingMail.objects.get().content.text
    assert "/de/clusters/" in text
    assert "Cannot tab" in text


def test_message_of_a_program_is_not_sent(client: Client) -> None:
    values = {"subject": "Buy", "message": "this", "website": "https://spam.example"}
    assert client.post("/de/contact/", values).status_code == 200
    assert not OutgoingMail.objects.exists()


def test_flood_of_messages_ends(client: Client) -> None:
    for _ in range(14):
        client.post("/de/contact/", {"subject": "a", "message": "b"})
    assert OutgoingMail.objects.count() == 10


def test_imprint_names_the_operator_of_the_settings(client: Client, settings: Any) -> None:
    settings.OPERATOR_NAME = "Beispielamt"
    settings.OPERATOR_ADDRESS = ["Musterweg 1", "40213 Düsseldorf"]
    html = client.get("/de/imprint/").content.decode()
    assert "Beispielamt" in html
    assert "Musterweg 1" in html


def test_imprint_without_address_says_so_and_invents_none(client: Client, settings: Any) -> None:
    settings.OPERATOR_ADDRESS = []
    assert "not set" in client.get("/en/imprint/").content.decode()


def test_open_source_notice_names_packages_with_licences(client: Client) -> None:
    names = {package.name.lower(): package for package in python_packages()}
    assert "BSD" in names["django"].licence
    assert {"@kern-ux/native", "@fontsource/fira-sans"} <= {p.name for p in browser_packages()}
    html = client.get("/en/open-source/").content.decode()
    assert "EUPL-1.2" in html
    assert "@kern-ux/native" in html


def test_most_packages_state_their_licence() -> None:
    silent = [package.name for package in python_packages() if not package.licence]
    assert len(silent) <= len(python_packages()) // 20, silent


def test_security_txt_names_contact_and_a_date_within_a_year(client: Client, settings: Any) -> None:
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert lines["Contact"] == f"mailto:{settings.SECURITY_EMAIL}"
    expires = datetime.fromisoformat(lines["Expires"])
    assert timezone.now() < expires < timezone.now() + timedelta(days=365)


def test_robots_leave_accounts_alone_and_see_the_rest(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /de/account/" in lines
    assert "Disallow: /" not in lines
