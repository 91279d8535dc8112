"""Digests, the funnel, and which mails a person gets."""

from typing import Any

import pytest
from django.test import Client

from core.choices import MailKind
from core.mail.optout import opt_out
from core.models import OutgoingMail
from core.tasks import deliver_waiting
from matching.choices import FeedbackKind, OutcomeKind
from matching.introducing import funnel
from matching.models import DigestEntry, DigestSubscription, SuggestedPair
from matching.services import (
    forget_digests,
    give_feedback,
    note_suggested_pairs,
    record_outcome,
    send_digests,
    set_digest,
)
from tests.conftest import World
from tests.factories import make_cluster, make_manager
from tests.mail_server import mail_server, part, use_server
from tests.matching.introduction_rows import ask, days_later, introduced, mails_to, suggest


def test_nobody_gets_a_digest_who_did_not_ask_for_it(world: World) -> None:
    suggest(world.alpha, world.beta)
    assert send_digests() == 0


def test_a_digest_comes_at_most_weekly_and_only_with_something_new(world: World) -> None:
    set_digest(user=world.manager, wanted=True)
    assert send_digests() == 0
    suggest(world.alpha, world.beta)
    assert send_digests() == 1
    text = mails_to(world.manager)[-1].content.text
    assert "Grund für Beta" in text
    assert "?a=introduce" in text
    gamma = make_cluster(slug="gamma", name="Gamma")
    suggest(world.alpha, world.beta, gamma)
    with days_later(6):
        assert send_digests() == 0
    with days_later(7):
        assert send_digests() == 1
        text = mails_to(world.manager)[-1].content.text
        assert "Gamma" in text
        assert "Grund für Beta" not in text
    with days_later(14):
        assert send_digests() == 0


def test_a_digest_speaks_the_persons_language(world: World) -> None:
    world.manager.language = "en"
    world.manager.save()
    set_digest(user=world.manager, wanted=True)
    suggest(world.alpha, world.beta)
    send_digests()
    content = mails_to(world.manager)[-1].content
    assert content.subject == "1 new suggested partner"
    assert "Reason for Beta" in content.text
    assert "/en/suggestions/answer/" in content.text


def test_put_off_and_asked_partners_are_no_news(world: World) -> None:
    gamma = make_cluster(slug="gamma", name="Gamma")
    set_digest(user=world.manager, wanted=True)
    suggest(world.alpha, world.beta, gamma)
    how: dict[str, Any] = {"user": world.manager, "cluster": world.alpha, "partner": gamma}
    give_feedback(**how, kind=FeedbackKind.LATER)
    ask(world)
    assert send_digests() == 0


def test_members_and_people_who_opted_out_get_none(world: World) -> None:
    suggest(world.alpha, world.beta)
    for person in (world.member, world.manager):
        set_digest(user=person, wanted=True)
    opt_out(address=world.manager.email, kind=MailKind.SUGGESTION)
    assert send_digests() == 0
    # Whoever switches it on again wants it again.
    set_digest(user=world.manager, wanted=True)
    assert send_digests() == 1


def test_switching_off_forgets_what_was_sent(world: World) -> None:
    set_digest(user=world.manager, wanted=True)
    suggest(world.alpha, world.beta)
    send_digests()
    assert DigestEntry.objects.count() == 1
    with days_later(366):
        assert forget_digests() == 1
    set_digest(user=world.manager, wanted=False)
    assert not DigestSubscription.objects.exists()


def test_a_person_chooses_which_mails_to_get(world: World) -> None:
    client = Client()
    client.force_login(world.manager)
    html = client.get("/de/my/notifications/").content.decode()
    assert "höchstens einmal in der Woche" in html
    assert client.post("/de/my/notifications/", {"digest": "on", "topic": "on"}).status_code == 302
    assert DigestSubscription.objects.get().user == world.manager
    kinds = set(world_opt_outs(world))
    assert {"introduction", "event"} <= kinds
    assert not {"topic", "suggestion", "account"} & kinds


def world_opt_outs(world: World) -> list[str]:
    from core.models import MailOptOut

    return list(
        MailOptOut.objects.filter(address=world.manager.email).values_list("kind", flat=True)
    )


@pytest.mark.django_db(transaction=True)
def test_mails_really_leave_with_links_and_calendar(world: World, settings: Any) -> None:
    with mail_server() as server:
        use_server(settings, server)
        introduced(world)
        set_digest(user=world.manager, wanted=True)
        deliver_waiting()
    subjects = [str(message["Subject"]) for message in server.messages]
    assert "Alpha möchte mit Ihnen sprechen" in subjects
    assert subjects.count("Alpha und Beta: Sie sind bekannt gemacht") == 1
    asked = next(m for m in server.messages if "sprechen" in str(m["Subject"]))
    assert "/de/introductions/answer/" in part(asked, "text/plain")
    assert "List-Unsubscribe" in asked
    assert OutgoingMail.objects.filter(state="sent").count() == 3


def test_the_funnel_counts_each_step_once(world: World) -> None:
    suggest(world.alpha, world.beta)
    suggest(world.beta, world.alpha)
    assert note_suggested_pairs() == 1
    assert note_suggested_pairs() == 1
    assert SuggestedPair.objects.count() == 1
    introduction = introduced(world)
    gamma = make_cluster(slug="gamma", name="Gamma")
    make_manager(gamma, email="manager@gamma.example")
    ask(world, partner=gamma)
    for kind in (OutcomeKind.TALK, OutcomeKind.PROJECT, OutcomeKind.AGREEMENT):
        record_outcome(user=world.staff, introduction=introduction, kind=kind)
    steps = {step.key: step for step in funnel.read_funnel(funnel.Period.read({}))}
    assert {key: step.count for key, step in steps.items()} == {
        "suggested": 1,
        "asked": 2,
        "agreed": 1,
        "met": 1,
        "cooperation": 1,
        "agreement": 1,
    }
    assert steps["agreed"].share == 0.5
    assert steps["cooperation"].of_met == 1.0
    assert round(100 * funnel.YARDSTICK.cooperation_share, 1) == 9.1
    assert round(100 * funnel.YARDSTICK.agreement_share, 1) == 1.2


def test_the_funnel_forgets_no_period_and_hands_out_a_table(world: World) -> None:
    introduced(world)
    with days_later(100):
        counts = [s.count for s in funnel.read_funnel(funnel.Period.read({"period": "3"}))]
        assert counts == [0] * 6
        assert funnel.read_funnel(funnel.Period.read({"period": "12"}))[1].count == 1
    client = Client()
    client.force_login(world.staff)
    html = client.get("/de/moderation/introductions/funnel/").content.decode()
    assert "2.210" in html
    assert "9,1" in html
    response = client.get("/de/moderation/introductions/funnel.csv?period=all")
    text = b"".join(response.streaming_content).decode()
    assert "angefragt" in text or "gefragt" in text
    assert "0.0914" in text
