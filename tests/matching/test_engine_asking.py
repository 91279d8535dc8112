"""Questions to a world: a need, a topic, an event."""

from dataclasses import replace

import numpy as np

from matching.engine.asking import Subject, rank_for_event, rank_for_need, rank_for_topic
from matching.engine.profile import Profile, Statement
from matching.engine.vectors import Vectors
from tests.matching.engine_world import prepared

NEED = Statement(7, "Sensorik für Getriebe gesucht", terms=frozenset({"ai"}))
WORLD = [
    Profile(1, needs=(NEED,), offers=(Statement(1, "Sensorik für Getriebe"),)),
    Profile(
        2,
        offers=(
            Statement(2, "Sensorik für Getriebe und Antriebe", terms=frozenset({"ai"})),
            Statement(3, "Sensorik"),
        ),
        followed_topics=frozenset({"reuse"}),
    ),
    Profile(3, offers=(Statement(4, "Bühnenbild für Theater"),), text_de="Wir bauen Getriebe"),
    Profile(4, offers=(Statement(5, "Sensorik"),), agreed_to_be_suggested=False),
    Profile(5, needs=(Statement(8, "Bühnenbild für ein Theater"),)),
]


def test_a_need_finds_the_best_offer_of_each_profile_but_its_owner() -> None:
    answers = rank_for_need(prepared(WORLD), NEED, owner=1)
    assert [(one.profile, one.match.offer_id, one.rank) for one in answers] == [(2, 2, 1)]
    assert answers[0].match.shared_terms == ("ai",)
    assert answers[0].reasons[0]["de"] == "Bietet an: „Sensorik für Getriebe und Antriebe“."
    assert {one.profile for one in rank_for_need(prepared(WORLD), NEED)} == {1, 2}


def test_a_need_answers_as_in_the_lists() -> None:
    from matching.engine.ranking import explain_pair

    made = prepared(WORLD)
    told = explain_pair(made, 1, 2).facts.needs_answered[0]
    asked = rank_for_need(made, NEED, owner=1)[0]
    assert asked.match == told


def test_excluded_pairs_and_hidden_offers_are_not_named_for_a_need() -> None:
    assert rank_for_need(prepared(WORLD, excluded=[(2, 1)]), NEED, owner=1) == ()
    hidden = replace(
        WORLD[1], offers=tuple(replace(o, confidentiality="staff") for o in WORLD[1].offers)
    )
    world = [WORLD[0], hidden, *WORLD[2:]]
    assert rank_for_need(prepared(world), NEED, owner=1) == ()
    assert rank_for_need(prepared(world, audience="staff"), NEED, owner=1)


def test_a_draft_is_compared_across_languages_by_its_vector() -> None:
    near = np.eye(6)[0]
    made = prepared(WORLD, vectors=Vectors(offers={4: near}))
    draft = Statement(0, text_en="Something nobody has said before")
    assert rank_for_need(made, draft) == ()
    assert [one.profile for one in rank_for_need(made, draft, vector=near)] == [3]


def test_a_topic_names_who_stands_for_it_offers_it_or_writes_about_it() -> None:
    subject = Subject(topics=frozenset({"reuse"}), text_de="Sensorik für Getriebe")
    fits = rank_for_topic(prepared(WORLD), subject)
    named = {one.profile: one for one in fits}
    assert {one.profile for one in fits[:2]} == {1, 2}
    assert 4 not in named
    assert named[2].facts.topics == ("reuse",)
    assert 2 in named[2].facts.offers
    assert named[2].reasons[0] == {
        "de": "Verfolgt das Thema: Wiederverwendung.",
        "en": "Follows the topic: reuse.",
    }
    assert all(0 < one.fit <= 1 for one in fits)


def test_nothing_asked_names_nobody() -> None:
    assert rank_for_topic(prepared(WORLD), Subject()) == ()
    assert rank_for_event(prepared(WORLD), Subject()) == ()
    assert rank_for_topic(prepared([]), Subject(text_de="Sensorik")) == ()


def test_an_event_invites_for_a_need_met_there_and_nobody_twice() -> None:
    made = prepared(WORLD)
    subject = Subject(text_de="Theater")
    fits = rank_for_event(made, subject, attending=[3, 99], invited=[1])
    assert fits[0].profile == 5
    met = fits[0].facts.needs_answered_there[0]
    assert (met.need_id, met.offer_id) == (8, 4)
    assert any("trifft dort auf das Angebot" in reason["de"] for reason in fits[0].reasons)
    assert not {1, 3, 4} & {one.profile for one in fits}
    assert rank_for_event(made, subject, attending=[3], invited=[1, 5]) == ()


def test_partners_who_come_are_a_reason_unless_the_pair_is_excluded() -> None:
    strong = [
        Profile(
            n,
            stages=frozenset({"component"} if n == 1 else {"system"}),
            cross_cutting_terms=frozenset({"ai"}) if n < 3 else frozenset(),
            fields=frozenset({"health" if n == 1 else "energy"}),
        )
        for n in range(1, 9)
    ]
    told = {one.profile: one for one in rank_for_event(prepared(strong), Subject(), attending=[1])}
    assert told[2].facts.partners_attending == (1,)
    barred = rank_for_event(prepared(strong, excluded=[(1, 2)]), Subject(), attending=[1])
    assert 2 not in {one.profile for one in barred}
