"""Introductions: who may ask, who learns what, and what time does to them."""

from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from clusters.choices import ClusterStatus
from clusters.models import Cluster, Cooperation
from core.errors import DomainError
from core.models import OutgoingMail
from matching.choices import IntroductionState, OutcomeKind, SideAnswer
from matching.introducing.introductions import read_overview
from matching.models import Feedback, Introduction, Suggestion
from matching.services import (
    answer_introduction,
    ask_introduction,
    ask_more_time,
    ask_what_came,
    close_introductions,
    end_introductions,
    forget_feedback,
    forget_introductions,
    propose_introduction,
    record_outcome,
    remind_of_introductions,
    remove_outcome,
    withdraw_introduction,
)
from matching.suggesting.candidates import offered
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


def code_of(error: Any) -> str:
    return str(error.value.code)


def test_both_get_the_contact_once_both_have_agreed(world: World) -> None:
    introduction = ask(world)
    assert names_of_mails(world.outsider) == ["introduction_asked"]
    assert names_of_mails(world.manager) == []
    asked = mails_to(world.outsider)[0].content
    assert WHY in asked.text
    assert world.manager.email not in asked.text + asked.html

    answer(world, introduction, agree=True, words="Gern, am besten donnerstags.")
    introduction.refresh_from_db()
    assert introduction.state == IntroductionState.AGREED
    for person, other in ((world.manager, world.outsider), (world.outsider, world.manager)):
        mail = mails_to(person)[-1].content
        assert mail.name == "matching/introduction_agreed"
        assert other.email in mail.text
        assert "am besten donnerstags" in mail.text
        assert mail.reply_to == other.email


def test_members_who_do_not_manage_get_no_mail(world: World) -> None:
    introduced(world)
    assert mails_to(world.member) == []


def test_a_decline_looks_like_silence_until_the_end(world: World) -> None:
    """Everything the asking side has, page, row for programs and mails, is the same."""
    gamma = make_cluster(slug="gamma", name="Gamma")
    make_manager(gamma, email="manager@gamma.example")
    declined, silent = ask(world), ask(world, partner=gamma)
    answer(world, declined, agree=False, words="Kein Interesse")

    def as_the_asker_sees() -> list[Any]:
        overview = read_overview(world.manager)
        return [
            (kind, line.introduction.get_state_display(), line.contacts, line.can_answer)
            for kind in ("waiting", "asked", "agreed", "past")
            for line in getattr(overview, kind)
        ]

    before = as_the_asker_sees()
    assert before == [("asked", "wartet auf Antwort", [], False)] * 2
    with days_later(15):
        remind_of_introductions()
        end_introductions()
        assert as_the_asker_sees() == before
    assert names_of_mails(world.manager) == []
    with days_later(21.1):
        assert end_introductions() == 2
        rows = list(Introduction.objects.order_by("pk"))
        assert [row.state for row in rows] == [IntroductionState.ENDED] * 2
        assert rows[0].ended_at == rows[1].ended_at
        assert as_the_asker_sees() == [("past", "kein Gespräch zustande gekommen", [], False)] * 2
    told = [mail.content for mail in mails_to(world.manager)]
    assert [mail.name for mail in told] == ["matching/introduction_ended"] * 2
    assert told[0].text.replace("Beta", "X") == told[1].text.replace("Gamma", "X")
    assert "Kein Interesse" not in told[0].text
    assert silent.partner == gamma


def offered_to(cluster: Cluster) -> set[Any]:
    rows = offered(Suggestion.objects.current().filter(cluster=cluster))
    return {row.partner for row in rows}


@pytest.mark.parametrize("withdrawn", [False, True])
def test_decline_and_silence_hide_the_pair_from_the_askers_list_in_the_same_way(
    world: World, withdrawn: bool
) -> None:
    gamma = make_cluster(slug="gamma", name="Gamma")
    make_manager(gamma, email="manager@gamma.example")
    suggest(world.alpha, world.beta, gamma)
    declined, silent = ask(world), ask(world, partner=gamma)
    answer(world, declined, agree=False)
    assert offered_to(world.alpha) == set()
    with days_later(22):
        for introduction in (declined, silent) if withdrawn else ():
            withdraw_introduction(user=world.manager, introduction=introduction)
        end_introductions()
        assert offered_to(world.alpha) == set()
    with days_later(22 + 364):
        assert offered_to(world.alpha) == set()
    with days_later(22 + 366):
        assert offered_to(world.alpha) == {world.beta, gamma}


def test_asking_again_is_refused_in_the_same_words_after_decline_and_silence(
    world: World,
) -> None:
    gamma = make_cluster(slug="gamma", name="Gamma")
    make_manager(gamma, email="manager@gamma.example")
    answer(world, ask(world), agree=False)
    ask(world, partner=gamma)
    with days_later(22):
        end_introductions()
        said = []
        for partner in (world.beta, gamma):
            with pytest.raises(DomainError) as error:
                ask(world, partner=partner)
            assert code_of(error) == "too_soon"
            said.append(error.value.message)
        assert said[0] == said[1]
    with days_later(22 + 183):
        assert ask(world).state == IntroductionState.ASKED


def test_declining_and_agreeing_may_change_until_the_end(world: World) -> None:
    introduction = ask(world)
    answer(world, introduction, agree=False)
    assert Feedback.objects.filter(cluster=world.beta, partner=world.alpha).exists()
    answer(world, introduction, agree=True)
    introduction.refresh_from_db()
    assert introduction.state == IntroductionState.AGREED
    assert not Feedback.objects.exists()


def test_nobody_answers_after_the_end_even_before_beat_came(world: World) -> None:
    introduction = ask(world)
    with days_later(21.01), pytest.raises(DomainError) as error:
        answer(world, introduction, agree=True)
    assert code_of(error) == "over"


def test_one_reminder_goes_to_silent_sides_only(world: World) -> None:
    silent = ask(world)
    gamma = make_cluster(slug="gamma", name="Gamma")
    other = make_manager(gamma, email="manager@gamma.example")
    declined = ask(world, partner=gamma)
    answer_introduction(user=other, introduction=declined, cluster=gamma, agree=False)
    with days_later(13.9):
        assert remind_of_introductions() == 0
    with days_later(14.1):
        assert remind_of_introductions() == 1
        assert remind_of_introductions() == 0
    assert names_of_mails(world.outsider) == ["introduction_asked"] * 2
    assert names_of_mails(other) == ["introduction_asked"]
    assert "Erinnerung" in mails_to(world.outsider)[-1].content.subject
    assert silent.pk != declined.pk


def test_more_time_moves_the_end_once(world: World) -> None:
    introduction = ask(world)
    how: dict[str, Any] = {
        "user": world.outsider,
        "introduction": introduction,
        "cluster": world.beta,
    }
    ask_more_time(**how)
    with pytest.raises(DomainError) as error:
        ask_more_time(**how)
    assert code_of(error) == "extended"
    with days_later(34):
        assert end_introductions() == 0
        remind_of_introductions()
        answer(world, introduction, agree=True)
    assert names_of_mails(world.outsider)[1] == "introduction_asked"


def test_who_has_asked_may_withdraw_and_the_other_side_is_told(world: World) -> None:
    introduction = ask(world)
    withdraw_introduction(user=world.manager, introduction=introduction)
    assert names_of_mails(world.outsider) == ["introduction_asked", "introduction_withdrawn"]
    with pytest.raises(DomainError):
        answer(world, introduction, agree=True)
    with pytest.raises(DomainError) as error:
        ask(world)
    assert code_of(error) == "too_soon"


def test_a_cluster_waits_for_five_answers_at_most_and_a_decline_frees_no_place(
    world: World,
) -> None:
    answer(world, ask(world), agree=False)
    partners = []
    for number in range(5):
        partner = make_cluster()
        make_manager(partner, email=f"manager-{number}@more.example")
        partners.append(partner)
    for partner in partners[:4]:
        ask(world, partner=partner)
    with pytest.raises(DomainError) as error:
        ask(world, partner=partners[4])
    assert code_of(error) == "limit"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": ClusterStatus.DRAFT}, "not_suggestible"),
        ({"may_be_suggested": False}, "not_suggestible"),
        ({"activity": "ended"}, "not_suggestible"),
    ],
)
def test_who_takes_no_part_cannot_be_asked(world: World, change: Any, code: str) -> None:
    Cluster.objects.filter(pk=world.beta.pk).update(**change)
    with pytest.raises(DomainError) as error:
        ask(world)
    assert code_of(error) == code


def test_who_has_no_manager_cannot_be_asked(world: World) -> None:
    with pytest.raises(DomainError) as error:
        ask(world, partner=make_cluster())
    assert code_of(error) == "no_manager"


def test_a_profile_taken_down_in_between_stops_the_answer_and_not_the_end(world: World) -> None:
    introduction = ask(world)
    Cluster.objects.filter(pk=world.alpha.pk).update(status=ClusterStatus.DRAFT)
    with pytest.raises(DomainError) as error:
        answer(world, introduction, agree=True)
    assert code_of(error) == "not_public"
    with days_later(22):
        assert end_introductions() == 1


def test_the_second_to_ask_agrees(world: World) -> None:
    introduction = ask(world)
    second = ask_introduction(
        user=world.outsider, asker=world.beta, partner=world.alpha, message="Wir auch mit Ihnen."
    )
    assert second.pk == introduction.pk
    assert second.state == IntroductionState.AGREED
    assert "Wir auch mit Ihnen." in second.reply


def test_asking_twice_says_that_it_is_asked(world: World) -> None:
    ask(world)
    with pytest.raises(DomainError) as error:
        ask(world)
    assert code_of(error) == "asked"


@pytest.mark.django_db(transaction=True)
def test_two_that_ask_each_other_at_the_same_moment_are_introduced(world: World) -> None:
    sides = [
        (world.manager, world.alpha, world.beta),
        (world.outsider, world.beta, world.alpha),
    ]
    start = Barrier(2)
    errors: list[BaseException] = []

    def run(user: Any, asker: Cluster, partner: Cluster) -> None:
        try:
            start.wait()
            ask_introduction(user=user, asker=asker, partner=partner, message=WHY)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=side) for side in sides]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    introduction = Introduction.objects.get()
    assert introduction.state == IntroductionState.AGREED
    assert names_of_mails(world.manager).count("introduction_agreed") == 1
    assert names_of_mails(world.outsider).count("introduction_agreed") == 1


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_who_answer_at_the_same_moment_send_one_joint_mail(world: World) -> None:
    introduction = ask(world)
    colleague = make_manager(world.beta, email="second@beta.example")
    start = Barrier(2)
    codes: list[str] = []

    def run(user: Any) -> None:
        try:
            start.wait()
            answer_introduction(
                user=user, introduction=introduction, cluster=world.beta, agree=True
            )
        except DomainError as error:
            codes.append(error.code)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[user]) for user in (world.outsider, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["over"]
    assert names_of_mails(world.manager) == ["introduction_agreed"]


def test_the_database_keeps_one_open_introduction_a_pair(world: World) -> None:
    ask(world)
    with pytest.raises(IntegrityError):
        Introduction.objects.create(
            asker=world.beta, partner=world.alpha, expires_at=timezone.now() + timedelta(days=1)
        )


def test_a_proposal_of_staff_needs_both_and_tells_neither_about_the_other(world: World) -> None:
    introduction = propose_introduction(
        user=world.staff, one=world.alpha, other=world.beta, message=WHY
    )
    answer_introduction(
        user=world.manager, introduction=introduction, cluster=world.alpha, agree=True
    )
    introduction.refresh_from_db()
    assert introduction.state == IntroductionState.ASKED
    answer(world, introduction, agree=False)
    with days_later(22):
        end_introductions()
    assert names_of_mails(world.manager) == ["introduction_asked", "introduction_ended"]
    assert names_of_mails(world.outsider) == ["introduction_asked"]


def test_both_are_asked_after_three_and_after_twelve_months_and_then_no_more(
    world: World,
) -> None:
    introduced(world)
    with days_later(90):
        assert ask_what_came() == 0
    with days_later(92):
        assert ask_what_came() == 1
        assert ask_what_came() == 0
    with days_later(366):
        assert ask_what_came() == 1
    with days_later(420):
        assert ask_what_came() == close_introductions() == 0
    with days_later(426):
        assert close_introductions() == 1
    for person in (world.manager, world.outsider):
        assert names_of_mails(person).count("outcome_asked") == 2


def test_the_best_outcome_counts_and_nothing_closes(world: World) -> None:
    introduction = introduced(world)
    how: dict[str, Any] = {"user": world.manager, "cluster": world.alpha}
    for kind in (OutcomeKind.AGREEMENT, OutcomeKind.TALK, OutcomeKind.NOTHING):
        introduction = record_outcome(introduction=introduction, kind=kind, **how)
    assert introduction.outcome == OutcomeKind.AGREEMENT
    assert introduction.state == IntroductionState.MET
    for outcome in introduction.outcomes.exclude(kind=OutcomeKind.NOTHING):
        introduction = remove_outcome(user=world.staff, outcome=outcome)
    assert introduction.state == IntroductionState.CLOSED
    assert introduction.outcome == OutcomeKind.NOTHING


def test_a_cooperation_shows_on_profiles_only_when_both_want_it(world: World) -> None:
    introduction = introduced(world)
    how: dict[str, Any] = {"user": world.manager, "introduction": introduction}
    record_outcome(**how, cluster=world.alpha, kind=OutcomeKind.PROJECT)
    assert not Cooperation.objects.exists()
    record_outcome(**how, cluster=world.alpha, kind=OutcomeKind.PROJECT, show_on_profiles=True)
    record_outcome(**how, cluster=world.alpha, kind=OutcomeKind.PROJECT, show_on_profiles=True)
    row = Cooperation.objects.get()
    assert {row.first, row.second} == {world.alpha, world.beta}
    assert row.kind == "project"
    assert row.source.startswith("Vermittlung im Cluster-Dialog.NRW")


def test_outcomes_need_both_to_have_agreed(world: World) -> None:
    with pytest.raises(DomainError):
        record_outcome(
            user=world.manager, introduction=ask(world), cluster=world.alpha, kind=OutcomeKind.TALK
        )


def test_contacts_of_people_who_left_are_replaced_by_those_who_manage_now(world: World) -> None:
    introduced(world)
    successor = make_manager(world.beta, email="successor@beta.example")
    (line,) = read_overview(world.manager).agreed
    assert line.contacts == [world.outsider]
    world.outsider.memberships.update(ended_at=timezone.now())
    (line,) = read_overview(world.manager).agreed
    assert line.contacts == [successor]


def test_words_and_names_go_a_year_after_the_end(world: World) -> None:
    answer(world, ask(world), agree=False, words="Kein Interesse")
    with days_later(22):
        end_introductions()
    with days_later(22 + 364):
        assert forget_introductions() == 0
    with days_later(22 + 366):
        assert forget_introductions() == 1
        assert forget_introductions() == 0
        assert forget_feedback() == 1
    row = Introduction.objects.get()
    assert (row.message, row.reply) == ("", "")
    assert row.asker_person is row.partner_person is row.asked_by is None
    assert row.partner_answer == SideAnswer.NONE
    assert row.state == IntroductionState.ENDED


def test_mails_are_in_the_readers_language(world: World) -> None:
    world.outsider.language = "en"
    world.outsider.save()
    ask(world)
    mail = mails_to(world.outsider)[0].content
    assert "would like to talk to you" in mail.subject
    assert "/en/introductions/answer/" in mail.text
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("number", [2, 20])
def test_the_overview_takes_as_many_queries_for_twenty_as_for_two(
    world: World, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        partner = make_cluster()
        manager = make_manager(partner, email=f"m{index}@more.example")
        row = ask_introduction(user=manager, asker=partner, partner=world.alpha, message=WHY)
        if index % 2:
            answer_introduction(
                user=world.manager, introduction=row, cluster=world.alpha, agree=True
            )
    with django_assert_num_queries(6):
        read_overview(world.manager)
