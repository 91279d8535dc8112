"""Sentences for answers to questions: who answers a need, talks about a topic, should come."""

from typing import Final

from matching.engine.profile import Bilingual, Profile, Statement, Vocabulary
from matching.engine.reasons import listing, shorten
from matching.engine.results import NeedMatch, SubjectFacts

QUOTED: Final = 2


def need_answer_sentences(match: NeedMatch, vocabulary: Vocabulary) -> tuple[Bilingual, ...]:
    """Why this offer answers the need."""
    offer = match.offer_text
    sentences: list[Bilingual] = [
        {"de": f"Bietet an: „{shorten(offer['de'])}“.", "en": f"Offers: “{shorten(offer['en'])}”."}
    ]
    if match.shared_terms:
        labels = [vocabulary.term(key) for key in match.shared_terms]
        sentences.append(listing("Gemeinsame Schlagwörter", "Common keywords", labels))
    return tuple(sentences)


def subject_sentences(
    facts: SubjectFacts, profile: Profile, vocabulary: Vocabulary
) -> tuple[Bilingual, ...]:
    """Why the profile should talk about a subject, or come because of it."""
    sentences: list[Bilingual] = []
    if facts.topics:
        labels = [vocabulary.topic(key) for key in facts.topics]
        sentences.append(listing("Verfolgt das Thema", "Follows the topic", labels))
    sentences += _quotes("Bietet an", "Offers", profile.offers, facts.offers)
    sentences += _quotes("Sucht", "Looks for", profile.needs, facts.needs)
    for match in facts.needs_answered_there[:QUOTED]:
        need, offer = match.need_text, match.offer_text
        sentences.append(
            {
                "de": f"Der Bedarf „{shorten(need['de'])}“ trifft dort auf das Angebot "
                f"„{shorten(offer['de'])}“.",
                "en": f"The need “{shorten(need['en'])}” meets the offer "
                f"“{shorten(offer['en'])}” there.",
            }
        )
    if facts.partners_attending:
        number = len(facts.partners_attending)
        sentences.append(
            {"de": "Ein passender Partner nimmt teil.", "en": "A suitable partner attends."}
            if number == 1
            else {
                "de": f"{number} passende Partner nehmen teil.",
                "en": f"{number} suitable partners attend.",
            }
        )
    if facts.terms:
        labels = [vocabulary.term(key) for key in facts.terms]
        sentences.append(listing("Nennt die Schlagwörter", "Names the keywords", labels))
    if facts.close_text:
        sentences.append(
            {
                "de": "Das Profil handelt davon.",
                "en": "The profile is about it.",
            }
        )
    if facts.fields:
        labels = [vocabulary.field(key) for key in facts.fields]
        sentences.append(listing("Arbeitet im Innovationsfeld", "Works in the field", labels))
    return tuple(sentences)


def _quotes(
    german: str, english: str, said: tuple[Statement, ...], ids: tuple[int, ...]
) -> list[Bilingual]:
    texts = {statement.id: statement.text() for statement in said}
    return [
        {
            "de": f"{german}: „{shorten(texts[key]['de'])}“.",
            "en": f"{english}: “{shorten(texts[key]['en'])}”.",
        }
        for key in ids[:QUOTED]
    ]
