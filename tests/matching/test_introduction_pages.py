"""Pages and links of introductions: who gets what, and that nothing tells of a decline."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from accounts.models import User
from matching.choices import FeedbackKind, IntroductionState
from matching.models import Appointment, Feedback, Introduction
from matching.services import answer_introduction, ask_introduction, propose_dates
from matching.tokens import make_answer_token, make_outcome_token, make_suggestion_token
from tests.conftest import World
from tests.factories import make_cluster, make_manager
from tests.matching.introduction_rows import (
    WHY,
    answer,
    ask,
    days_later,
    introduced,
    mails_to,
    names_of_mails,
    suggest,
)


def client_of(person: User | None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def page(person: User | None, path: str, status: int = 200) -> str:
    response = client_of(person).get(path)
    assert response.status_code == status
    return str(response.content.decode())


def post(person: User | None, path: str, **data: Any) -> Any:
    return client_of(person).post(path, data)


def link_in(person: User) -> str:
    """The path behind the first button of a person's last mail."""
    found = re.search(r"https?://[^/]+(/\S+?)\?a=", mails_to(person)[-1].content.text)
    assert found
    return found[1]


def test_a_manager_asks_from_the_card(world: World) -> None:
    suggest(world.alpha, world.beta)
    html = page(world.manager, "/de/clusters/alpha/suggestions/")
    assert "/de/clusters/alpha/suggestions/beta/introduce/" in html
    form = page(world.manager, "/de/clusters/alpha/suggestions/beta/introduce/")
    assert "Grund für Beta" in form
    response = post(world.manager, "/de/clusters/alpha/suggestions/beta/introduce/", message=WHY)
    assert response.status_code == 302
    html = page(world.manager, "/de/my/introductions/")
    assert "Von Ihnen angefragt" in html


def test_members_read_the_list_and_ask_nobody(world: World) -> None:
    suggest(world.alpha, world.beta)
    html = page(world.member, "/de/clusters/alpha/suggestions/")
    assert "Beta" in html
    assert "introduce/" not in html
    ask(world)
    assert "Beta" not in page(world.member, "/de/clusters/alpha/suggestions/")
    path = "/de/clusters/alpha/suggestions/beta/introduce/"
    assert post(world.member, path, message=WHY).status_code == 403
    assert post(world.outsider, path, message=WHY).status_code == 404


def test_too_short_a_message_keeps_what_was_written(world: World) -> None:
    response = post(
        world.manager, "/de/clusters/alpha/suggestions/beta/introduce/", message="Hallo"
    )
    assert response.status_code == 422
    assert "Hallo" in response.content.decode()


def test_the_overview_says_who_wants_to_talk_and_why_on_top(world: World) -> None:
    suggest(world.beta, world.alpha)
    ask(world)
    # In the next round a pair in talks is on no list.
    suggest(world.beta)
    for path in ("/de/my/introductions/", "/de/dashboard/"):
        html = page(world.outsider, path)
        assert "Alpha möchte mit Ihnen sprechen" in html
        assert WHY in html
        assert "Grund für Alpha" in html
    assert "möchte mit Ihnen sprechen" not in page(world.manager, "/de/dashboard/")


def test_one_click_answers(world: World) -> None:
    introduction = ask(world)
    response = post(world.outsider, f"/de/introductions/{introduction.pk}/reply/", answer="agree")
    assert response.status_code == 302
    html = page(world.outsider, f"/de/introductions/{introduction.pk}/")
    assert world.manager.email in html


def test_strangers_and_members_get_404_for_everything(world: World) -> None:
    gamma = make_cluster(slug="gamma")
    stranger = make_manager(gamma, email="stranger@gamma.example")
    pk = introduced(world).pk
    for person in (stranger, world.member):
        for name in ("", "withdraw/", "dates/", "dates.ics"):
            page(person, f"/de/introductions/{pk}/{name}", 404)
        for name in ("reply/", "outcome/", "dates/choose/"):
            assert post(person, f"/de/introductions/{pk}/{name}").status_code == 404
        for name in ("", "new/", "funnel/", "funnel.csv", f"{pk}/", f"{pk}/mail/"):
            page(person, f"/de/moderation/introductions/{name}", 404)


def pages_of_the_asker(world: World, introduction: Introduction) -> dict[str, str]:
    """Everything the asking side can open, without what differs from request to request."""
    paths = {
        "list": "/de/my/introductions/",
        "home": "/de/dashboard/",
        "detail": f"/de/introductions/{introduction.pk}/",
        "suggestions": "/de/clusters/alpha/suggestions/",
        "api": f"/api/v1/introductions/{introduction.pk}/",
        "api-list": "/api/v1/introductions/",
        "feedback": "/api/v1/suggestion-feedback/",
    }
    found = {}
    for name, path in paths.items():
        text = page(world.manager, path)
        text = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": )[^>]*>', "", text)
        found[name] = text
    return found


def test_nothing_the_asker_can_open_changes_with_a_decline(world: World) -> None:
    suggest(world.alpha, world.beta)
    introduction = ask(world)
    before = pages_of_the_asker(world, introduction)
    answer(world, introduction, agree=False, words="Kein Interesse")
    assert pages_of_the_asker(world, introduction) == before
    assert names_of_mails(world.manager) == []


def test_the_decliner_sees_the_decline_and_may_change_it(world: World) -> None:
    introduction = ask(world)
    answer(world, introduction, agree=False)
    html = page(world.outsider, f"/de/introductions/{introduction.pk}/")
    assert "von Ihnen abgelehnt" in html
    assert "Antwort ändern" in html


def test_a_link_in_the_mail_opens_a_page_with_one_button_and_changes_nothing(
    world: World,
) -> None:
    introduction = ask(world)
    path = link_in(world.outsider)
    for choice in ("agree", "decline", "more_time"):
        html = page(None, f"{path}?a={choice}")
        assert WHY in html
        assert world.manager.email not in html
    introduction.refresh_from_db()
    assert introduction.partner_answer == ""
    response = post(None, path, answer="agree")
    assert response.status_code == 302
    introduction.refresh_from_db()
    assert introduction.state == IntroductionState.AGREED
    assert world.manager.email in page(None, response.headers["Location"])


def test_links_that_were_altered_or_are_too_old_are_404(world: World) -> None:
    introduction = ask(world)
    token = make_answer_token(introduction.pk, world.beta.pk, world.outsider.pk)
    first, rest = token[0], token[1:]
    altered = ("2" if first != "2" else "3") + rest
    for wrong in (altered, token[:-1], "x", make_outcome_token(introduction.pk, 1, 1)):
        page(None, f"/de/introductions/answer/{wrong}/", 404)
    page(None, f"/de/introductions/answer/{token}/")
    with days_later(22):
        page(None, f"/de/introductions/answer/{token}/", 410)
    with days_later(61):
        page(None, f"/de/introductions/answer/{token}/", 404)


def test_links_of_people_who_left_are_404(world: World) -> None:
    ask(world)
    path = link_in(world.outsider)
    world.outsider.memberships.update(role="member")
    page(None, path, 404)
    assert post(None, path, answer="agree").status_code == 404
    world.outsider.memberships.update(role="manager", ended_at=timezone.now())
    page(None, path, 404)


def test_a_link_for_another_cluster_answers_nothing(world: World) -> None:
    """A token names cluster and person; a cluster that is no side of it gets nowhere."""
    introduction = ask(world)
    gamma = make_cluster()
    manager = make_manager(gamma)
    page(
        None,
        f"/de/introductions/answer/{make_answer_token(introduction.pk, gamma.pk, manager.pk)}/",
        404,
    )


def test_what_came_of_it_is_said_by_one_click(world: World) -> None:
    introduction = introduced(world)
    token = make_outcome_token(introduction.pk, world.beta.pk, world.outsider.pk)
    path = f"/de/introductions/outcome/{token}/"
    assert 'value="talk" checked' in re.sub(r"\s+", " ", page(None, f"{path}?a=talk")) or (
        "checked" in page(None, f"{path}?a=talk")
    )
    assert not introduction.outcomes.exists()
    assert post(None, path, kind="talk").status_code == 302
    assert introduction.outcomes.get().cluster == world.beta


def test_a_date_that_suits_both_is_fixed_and_sent_as_a_calendar_entry(world: World) -> None:
    introduction = introduced(world)
    start = timezone.localtime(timezone.now() + timedelta(days=7)).replace(second=0, microsecond=0)
    later = start + timedelta(days=1)
    response = post(
        world.manager,
        f"/de/introductions/{introduction.pk}/dates/",
        first=f"{start:%Y-%m-%dT%H:%M}",
        second=f"{later:%Y-%m-%dT%H:%M}",
        minutes="30",
        place="Video",
    )
    assert response.status_code == 302
    proposed = mails_to(world.outsider)[-1].content
    assert proposed.name == "matching/dates_proposed"
    entries = list(Calendar.from_ical(proposed.calendar).walk("VEVENT"))
    assert [str(entry["status"]) for entry in entries] == ["TENTATIVE"] * 2
    second = Appointment.objects.order_by("starts_at")[1]
    post(
        world.outsider,
        f"/de/introductions/{introduction.pk}/dates/choose/",
        date=[str(second.pk)],
    )
    for person in (world.manager, world.outsider):
        mail = mails_to(person)[-1].content
        assert mail.name == "matching/date_confirmed"
        assert mail.calendar_method == "PUBLISH"
        (entry,) = Calendar.from_ical(mail.calendar).walk("VEVENT")
        assert str(entry["status"]) == "CONFIRMED"
        assert entry["dtstart"].dt == later
        assert str(entry["uid"]) == str(second.uid)
    content = client_of(world.manager).get(f"/de/introductions/{introduction.pk}/dates.ics")
    assert content.headers["Content-Type"].startswith("text/calendar")


def test_dates_in_the_past_are_refused_with_what_was_entered(world: World) -> None:
    introduction = introduced(world)
    response = post(
        world.manager,
        f"/de/introductions/{introduction.pk}/dates/",
        first="2020-01-01T10:00",
        minutes="30",
    )
    assert response.status_code == 422
    assert "in der Zukunft" in response.content.decode()


def test_putting_off_hides_until_the_day_and_can_be_undone(world: World) -> None:
    suggest(world.alpha, world.beta)
    path = "/de/clusters/alpha/suggestions/beta/"
    until = timezone.localdate() + timedelta(days=30)
    assert post(world.manager, f"{path}feedback/later/", until=until.isoformat()).status_code == 302
    assert Feedback.objects.put_off().pairs() == {(world.alpha.pk, world.beta.pk)}
    html = page(world.manager, "/de/clusters/alpha/suggestions/")
    assert "1 Cluster zurückgestellt oder unpassend" in html
    assert "zurückgestellt" not in page(world.member, "/de/clusters/alpha/suggestions/")
    with days_later(31):
        assert Feedback.objects.put_off().pairs() == set()
    assert post(world.manager, f"{path}undo/").status_code == 302
    assert not Feedback.objects.exists()


def test_unsuitable_needs_a_reason_and_lasts_a_year(world: World) -> None:
    path = "/de/clusters/alpha/suggestions/beta/feedback/unsuitable/"
    assert post(world.manager, path).status_code == 422
    assert post(world.manager, path, reason="topic", text="Nein").status_code == 302
    with days_later(364):
        assert Feedback.objects.unsuitable().pairs() == {(world.alpha.pk, world.beta.pk)}
    with days_later(366):
        assert Feedback.objects.unsuitable().pairs() == set()


def test_a_day_too_far_away_is_refused(world: World) -> None:
    path = "/de/clusters/alpha/suggestions/beta/feedback/later/"
    until = timezone.localdate() + timedelta(days=400)
    assert post(world.manager, path, until=until.isoformat()).status_code == 422


def test_wrong_data_lead_to_the_fields(world: World) -> None:
    path = "/de/clusters/alpha/suggestions/beta/feedback/data_wrong/"
    html = page(world.manager, path)
    assert "/de/clusters/alpha/edit/#terms_stage" in html
    assert not Feedback.objects.exists()
    assert "/edit/" in post(world.manager, path).headers["Location"]
    assert Feedback.objects.get().kind == FeedbackKind.DATA_WRONG
    assert Feedback.objects.in_force().pairs() == set()


def test_a_digest_link_asks_puts_off_or_refuses(world: World) -> None:
    token = make_suggestion_token(world.beta.pk, world.alpha.pk, world.manager.pk)
    path = f"/de/suggestions/answer/{token}/"
    for kind in ("introduce", "later", "unsuitable"):
        page(None, f"{path}?a={kind}")
    assert not Feedback.objects.exists()
    assert post(None, f"{path}?a=unsuitable", reason="topic").status_code == 302
    assert Feedback.objects.get().by == world.manager
    assert post(None, f"{path}?a=introduce", message=WHY).status_code == 302
    assert Introduction.objects.get().asked_by == world.manager
    world.manager.memberships.update(ended_at=timezone.now())
    page(None, path, 404)


def test_a_list_of_suggestions_takes_as_many_queries_for_eight_as_for_two(
    world: World,
) -> None:
    partners = [make_cluster() for _index in range(8)]
    client = client_of(world.manager)
    counts = []
    for number in (2, 8):
        suggest(world.alpha, *partners[:number])
        client.get("/de/clusters/alpha/suggestions/")
        with CaptureQueriesContext(connection) as queries:
            html = client.get("/de/clusters/alpha/suggestions/").content.decode()
        assert html.count("/introduce/") == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("number", [2, 20])
def test_the_list_of_staff_takes_as_many_queries_for_twenty_as_for_two(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        partner = make_cluster()
        manager = make_manager(partner, email=f"m{index}@more.example")
        row = ask_introduction(user=manager, asker=partner, partner=world.alpha, message=WHY)
        answer_introduction(user=world.manager, introduction=row, cluster=world.alpha, agree=False)
    client = client_of(world.staff)
    client.get("/de/moderation/introductions/")
    with django_assert_num_queries(9):
        html = client.get("/de/moderation/introductions/").content.decode()
    assert "abgelehnt" in html


def test_staff_proposes_writes_the_joint_mail_and_notes_the_outcome(world: World) -> None:
    response = post(
        world.staff, "/de/moderation/introductions/new/", one="alpha", other="Beta", message=WHY
    )
    introduction = Introduction.objects.get()
    office = f"/de/moderation/introductions/{introduction.pk}/"
    assert response.headers["Location"] == office
    for person, cluster in ((world.manager, world.alpha), (world.outsider, world.beta)):
        assert "NRW.innovativ" in mails_to(person)[0].content.text
        answer_introduction(user=person, introduction=introduction, cluster=cluster, agree=True)
    start = timezone.localtime(timezone.now() + timedelta(days=3))
    words = {"text_de": "Ein guter Anfang.", "text_en": "A good start."}
    dates = {"first": f"{start:%Y-%m-%dT%H:%M}", "minutes": "45"}
    preview = post(world.staff, f"{office}mail/", **words, **dates, look="1")
    assert "A good start." in preview.content.decode()
    assert names_of_mails(world.manager)[-1] == "introduction_agreed"
    assert len(mails_to(world.manager)) == 2
    assert post(world.staff, f"{office}mail/", **words, **dates, send="1").status_code == 302
    mail = mails_to(world.manager)[-1].content
    assert "Ein guter Anfang." in mail.text
    assert mail.calendar_method == "PUBLISH"
    assert post(world.staff, f"{office}outcome/", kind="agreement").status_code == 302
    html = page(world.staff, office)
    assert "unterzeichnete Vereinbarung" in html.casefold() or "Unterzeichnete Vereinbarung" in html
    outcome = introduction.outcomes.get()
    assert post(world.staff, f"{office}outcome/{outcome.pk}/remove/").status_code == 302
    assert not introduction.outcomes.exists()


def test_staff_filters_by_state_cluster_and_age(world: World) -> None:
    gamma = make_cluster(slug="gamma", name="Gamma")
    make_manager(gamma, email="manager@gamma.example")
    introduced(world)
    ask(world, partner=gamma)
    base = "/de/moderation/introductions/"
    for query, shown, hidden in (
        ("?state=agreed", "Alpha – Beta", "Alpha – Gamma"),
        ("?cluster=gam", "Alpha – Gamma", "Alpha – Beta"),
        ("?age=7&state=asked", "Alpha – Gamma", "Alpha – Beta"),
    ):
        html = page(world.staff, base + query)
        assert shown in html
        assert hidden not in html
    assert "Keine Vermittlung passt" in page(world.staff, base + "?age=older")


def test_proposed_dates_need_both_to_have_agreed(world: World) -> None:
    introduction = ask(world)
    page(world.manager, f"/de/introductions/{introduction.pk}/dates.ics", 302)
    with pytest.raises(Exception, match="beide"):
        propose_dates(
            user=world.manager,
            introduction=introduction,
            cluster=world.alpha,
            starts=[timezone.now() + timedelta(days=1)],
        )
