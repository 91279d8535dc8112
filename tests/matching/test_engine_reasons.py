"""Sentences, words, explanations and hints."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings

from matching.engine.hints import improvement_hints
from matching.engine.profile import Profile, Statement, Weights
from matching.engine.reasons import explain, level, shorten
from matching.engine.results import PairResult
from tests.matching.engine_world import TODAY, find, lists, worlds

FULL = Profile(
    1,
    fields=frozenset({"mobility"}),
    sectors=frozenset({"C"}),
    stages=frozenset({"component"}),
    cross_cutting_terms=frozenset({"ai"}),
    followed_topics=frozenset({"reuse"}),
    needs=(Statement(1, "Sensorik für Getriebe", "Sensors for gearboxes"),),
    offers=(Statement(2, "Prüfstand für Pflegeroboter", "Test bench for care robots"),),
    text_de="Wir verbinden.",
    text_en="We connect.",
    cooperations={2: 1, 8: 1},
    events_attended=frozenset({4, 5}),
)
MIRROR = Profile(
    2,
    fields=frozenset({"health"}),
    sectors=frozenset({"Q"}),
    stages=frozenset({"system"}),
    cross_cutting_terms=frozenset({"ai"}),
    followed_topics=frozenset({"reuse"}),
    needs=(Statement(3, "Prüfstand für Pflegeroboter gesucht", "Test bench for care robots"),),
    offers=(Statement(4, "Sensorik für Getriebe und Antriebe", "Sensors for gearboxes"),),
    cooperations={8: 2},
    events_attended=frozenset({5, 4}),
)


def suggestion(*profiles: Profile) -> PairResult:
    """The suggestion of the second profile for the first."""
    return find(lists(profiles), profiles[0].id, profiles[1].id)


def test_reasons_name_what_speaks_for_the_pair_in_both_languages() -> None:
    result = suggestion(FULL, MIRROR)
    assert [reason["de"] for reason in result.reasons] == [
        "Ihr Bedarf „Sensorik für Getriebe“ trifft auf das Angebot "
        "„Sensorik für Getriebe und Antriebe“.",
        "Ihr Angebot „Prüfstand für Pflegeroboter“ trifft auf den Bedarf "
        "„Prüfstand für Pflegeroboter gesucht“.",
        "Benachbarte Stufe der Wertschöpfungskette: Komponente → System.",
        "Gemeinsame Querschnittstechnologien: Künstliche Intelligenz.",
        "Beide verfolgen: Wiederverwendung.",
        "Anderes Innovationsfeld, also Raum für Neues: Gesundheit.",
        "1 gemeinsames Vorhaben.",
        "1 gemeinsamer Partner.",
        "2 Veranstaltungen, an denen beide teilnahmen.",
    ]
    assert [reason["en"] for reason in result.reasons] == [
        "Your need “Sensors for gearboxes” meets the offer “Sensors for gearboxes”.",
        "Your offer “Test bench for care robots” meets the need “Test bench for care robots”.",
        "Neighbouring stage of the value chain: component → system.",
        "Common cross-cutting technologies: artificial intelligence.",
        "Both follow: reuse.",
        "Another innovation field, so there is room for something new: health.",
        "1 joint undertaking.",
        "1 common partner.",
        "2 events attended by both.",
    ]
    assert [reason["en"] for reason in result.counter_reasons] == [
        "You already work together or have done so: an introduction may be needless."
    ]


def test_the_best_answered_need_is_named_first() -> None:
    needs = (
        Statement(1, terms=frozenset({"ai", "steel"})),
        Statement(2, terms=frozenset({"ai"})),
        Statement(3, terms=frozenset({"steel"})),
    )
    offers = (Statement(4, terms=frozenset({"ai", "x"})), Statement(5, "Film"))
    matches = suggestion(Profile(1, needs=needs), Profile(2, offers=offers)).facts.needs_answered
    # The half-covered need 1 reaches .3 only, which is no answer.
    assert [(match.need_id, match.offer_id) for match in matches] == [(2, 4)]
    assert matches[0].shared_terms == ("ai",)
    both = (*offers, Statement(6, terms=frozenset({"ai", "steel"})), Statement(7, "Stahlguss"))
    needs = (Statement(1, "Stahlbau", terms=frozenset({"steel", "x"})), *needs[1:])
    matches = suggestion(Profile(1, needs=needs), Profile(2, offers=both)).facts.needs_answered
    assert [match.need_id for match in matches][:2] == [2, 3]
    assert [match.similarity for match in matches] == sorted(
        (match.similarity for match in matches), reverse=True
    )
    assert len({match.similarity for match in matches}) == 2


def test_counter_reasons_say_when_no_need_is_stated() -> None:
    result = suggestion(replace(FULL, needs=()), replace(MIRROR, needs=()))
    german = " ".join(reason["de"] for reason in result.counter_reasons)
    assert "Von Ihnen liegt für diese Liste noch kein Bedarf vor" in german
    assert "Die andere Seite hat noch keinen Bedarf genannt" in german
    assert result.facts.neutral_forward == result.facts.neutral_backward == ("need",)


def test_similar_focus_without_competition_is_named_too() -> None:
    home = {"fields": frozenset({"health", "energy"}), "sectors": frozenset({"C"})}
    result = suggestion(replace(FULL, **home), replace(MIRROR, **home))  # type: ignore[arg-type]
    assert not result.facts.competing
    assert any("Similar focus" in reason["en"] for reason in result.counter_reasons)


def test_nothing_to_say_gives_no_reason() -> None:
    assert suggestion(Profile(1), Profile(2)).reasons == ()


@settings(max_examples=40, deadline=None)
@given(worlds(least=2))
def test_results_are_plain_json_and_every_sentence_exists_in_both_languages(
    world: list[Profile],
) -> None:
    for listed in lists(world).values():
        for result in listed:
            json.dumps(result.as_dict())
            json.dumps(explain(result, Weights()))
            for sentence in (*result.reasons, *result.counter_reasons):
                assert sentence.keys() == {"de", "en"}
                assert all(sentence.values())


@settings(max_examples=40, deadline=None)
@given(worlds(least=2))
def test_explanation_adds_up(world: list[Profile]) -> None:
    for listed in lists(world).values():
        for result in listed:
            told = explain(result, Weights())
            for side in ("forward", "backward"):
                total = sum(part[f"contribution_{side}"] for part in told["parts"])  # type: ignore[literal-required]  # one of two keys
                assert total == pytest.approx(told[f"benefit_{side}"], abs=1e-5)  # type: ignore[literal-required]  # one of two keys
            product = told["harmonic_mean"] * told["competition_factor"]
            assert product == pytest.approx(told["score"], abs=2e-6)


def test_explanation_refuses_other_weights() -> None:
    with pytest.raises(ValueError, match="version"):
        explain(suggestion(FULL, MIRROR), Weights(version=2))


def test_explanation_speaks_in_words_and_marks_missing_data() -> None:
    told = explain(suggestion(replace(FULL, needs=()), MIRROR), Weights())
    words = {part["part"]: part["level_forward"] for part in told["parts"]}
    assert words["need"] == "neutral"
    assert words["chain"] == "high"
    assert told["parts"][0]["level_label_forward"]["de"] == "neutral (keine Angabe)"


@pytest.mark.parametrize(
    ("value", "word"),
    [(0.0, "low"), (0.29, "low"), (0.3, "medium"), (0.59, "medium"), (0.6, "high"), (1.0, "high")],
)
def test_words_for_figures(value: float, word: str) -> None:
    assert level(value) == word


def test_long_quotes_end_at_a_word() -> None:
    assert shorten("kurz  und\ngut") == "kurz und gut"
    cut = shorten("Sensorik für große Getriebe, " * 20)
    assert len(cut) <= 92
    assert cut.endswith("große Getriebe …")
    assert shorten("x" * 200) == "x" * 90 + " …"


def codes(profile: Profile) -> list[str]:
    """Codes of the hints for a profile, in order."""
    hints = improvement_hints(profile, Weights(), audience="clusters", today=TODAY)
    return [hint.code for hint in hints]


def test_full_profile_gets_no_hint() -> None:
    assert codes(FULL) == []


def test_empty_profile_is_told_the_most_valuable_entry_first() -> None:
    expected = ["needs", "offers", "stages", "bridge", "fields", "text"]
    assert codes(Profile(1)) == expected
    assert codes(Profile(1, agreed_to_be_suggested=False)) == ["consent", *expected]


def test_hints_tell_expired_from_missing_and_see_what_the_list_sees() -> None:
    expired = Statement(1, "Alt", valid_until=date(2026, 1, 1))
    assert codes(replace(FULL, needs=(expired,))) == ["needs_expired"]
    assert codes(replace(FULL, offers=(expired,))) == ["offers_expired"]
    secret = Statement(1, "Geheim", confidentiality="staff")
    assert codes(replace(FULL, needs=(secret,))) == ["needs"]
    assert codes(replace(FULL, text_en="")) == ["translation"]
