"""A new cluster applies, staff decides."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clusters.models import Application, Cluster, MembershipInvitation
from clusters.services.applications import (
    accept_application,
    decline_application,
    purge_applications,
    request_application_changes,
    submit_application,
)
from core.errors import DomainError
from core.models import OutgoingMail
from tests.conftest import World
from tests.factories import make_field

pytestmark = pytest.mark.django_db

ENTRY = {
    "name": "Lichtcluster Süd",
    "kind": "cluster",
    "website": "https://licht.example",
    "city": "Bonn",
    "profile": "We work on light.",
    "motivation": "Partners.",
    "contact_name": "Applicant",
    "contact_email": "applicant@licht.example",
}


def apply(**changes: Any) -> Application:
    return submit_application(values={**ENTRY, **changes}, innovation_fields=[], language="en")


def post(client: Client, **changes: Any) -> Any:
    return client.post("/en/clusters/apply/", {**ENTRY, **changes})


def last_mail() -> OutgoingMail:
    mail: OutgoingMail = OutgoingMail.objects.select_related("content").latest("created_at")
    return mail


def test_entries_are_looked_over_before_they_are_sent(client: Client) -> None:
    field = make_field(name_en="Light")
    review = post(client, innovation_fields=[field.pk]).content.decode()
    assert not Application.objects.exists()
    assert "Lichtcluster Süd" in review
    assert "Light" in review
    # The hidden fields of the review page alone carry the application.
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', review))
    hidden.pop("csrfmiddlewaretoken", None)
    answer = client.post("/en/clusters/apply/", {**ENTRY, **hidden, "send": "1"})
    sent = reverse("clusters:application-sent").replace("/de/", "/en/")
    assert answer.headers["Location"] == sent
    application = Application.objects.get()
    assert application.state == "submitted"
    assert list(application.innovation_fields.all()) == [field]
    assert application.language == "en"
    assert last_mail().to == "applicant@licht.example"
    assert "Lichtcluster Süd" in last_mail().content.subject


def test_going_back_keeps_what_was_entered(client: Client) -> None:
    field = make_field()
    html = post(client, change="1", innovation_fields=[field.pk]).content.decode()
    assert 'value="Lichtcluster Süd"' in html
    assert "We work on light." in html
    assert re.search(rf'value="{field.pk}"[^>]*checked', html)
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"contact_email": "x"}, {"homepage": "spam"}, {"kind": "unknown"}]
)
def test_incomplete_or_automatic_applications_are_not_taken(
    client: Client, wrong: dict[str, str]
) -> None:
    html = post(client, send="1", **wrong).content.decode()
    assert "cd-error-summary" in html
    assert not Application.objects.exists()


def test_one_connection_cannot_flood(client: Client) -> None:
    for _ in range(6):
        post(client, send="1")
    assert Application.objects.count() == 5


def test_accepting_publishes_the_cluster_and_invites_its_manager(world: World) -> None:
    application = apply()
    cluster = accept_application(user=world.staff, application=application)
    assert cluster.slug == "lichtcluster-sued"
    assert cluster.is_published
    assert cluster.profile_en == "We work on light."
    assert "motivation" not in cluster.sources
    invitation = MembershipInvitation.objects.get()
    assert (invitation.email, invitation.role) == ("applicant@licht.example", "manager")
    application.refresh_from_db()
    assert application.state == "accepted"
    assert application.decided_by == world.staff
    assert application.purge_at is not None
    assert {mail.to for mail in OutgoingMail.objects.all()} == {"applicant@licht.example"}


def test_an_accepted_cluster_is_found_at_once(client: Client, world: World) -> None:
    accept_application(user=world.staff, application=apply())
    assert "Lichtcluster" in client.get("/de/clusters/?q=lichtcluster+sued").content.decode()


def test_a_taken_or_reserved_name_gets_another_address(world: World) -> None:
    first = accept_application(user=world.staff, application=apply())
    second = accept_application(
        user=world.staff, application=apply(contact_email="b@licht.example")
    )
    third = accept_application(
        user=world.staff, application=apply(name="Apply", contact_email="c@licht.example")
    )
    assert [first.slug, second.slug, third.slug] == [
        "lichtcluster-sued",
        "lichtcluster-sued-2",
        "apply-2",
    ]


def test_declining_mails_the_reason_and_makes_nothing(world: World) -> None:
    application = apply()
    decline_application(user=world.staff, application=application, reason="Not in NRW.")
    assert "Not in NRW." in last_mail().content.text
    assert not Cluster.objects.filter(name="Lichtcluster Süd").exists()
    assert not MembershipInvitation.objects.exists()


@pytest.mark.parametrize("verb", [decline_application, request_application_changes])
def test_no_decision_against_the_applicant_without_a_reason(world: World, verb: Any) -> None:
    application = apply()
    with pytest.raises(DomainError):
        verb(user=world.staff, application=application, reason="  ")
    application.refresh_from_db()
    assert application.state == "submitted"


def test_a_decided_application_cannot_be_decided_again(world: World) -> None:
    application = apply()
    decline_application(user=world.staff, application=application, reason="No.")
    with pytest.raises(DomainError):
        accept_application(user=world.staff, application=application)
    assert not MembershipInvitation.objects.exists()


def test_a_question_leads_by_the_mailed_link_to_a_new_submission(
    client: Client, world: World
) -> None:
    application = apply()
    request_application_changes(user=world.staff, application=application, reason="Which city?")
    mail = last_mail().content.text
    assert "Which city?" in mail
    found = re.search(r"/en/clusters/apply/[^/\s]+/", mail)
    assert found is not None
    link = found[0]
    assert "Which city?" in client.get(link).content.decode()
    application.refresh_from_db()
    assert application.state == "changes_requested"
    client.post(link, {**ENTRY, "city": "Bonn-Beuel", "send": "1"})
    application.refresh_from_db()
    assert (application.state, application.city) == ("submitted", "Bonn-Beuel")
    assert client.get(link).status_code == 404


def test_forged_and_spent_links_open_nothing(client: Client) -> None:
    apply()
    assert client.get("/en/clusters/apply/MQ:forged:token/").status_code == 404


def test_personal_data_leaves_when_its_time_is_over(world: World) -> None:
    application = apply()
    cluster = accept_application(user=world.staff, application=application)
    kept = apply(contact_email="b@licht.example")
    Application.objects.filter(pk=application.pk).update(
        purge_at=timezone.now() - timedelta(days=1)
    )
    assert purge_applications() == 1
    assert list(Application.objects.all()) == [kept]
    assert Cluster.objects.filter(pk=cluster.pk).exists()
