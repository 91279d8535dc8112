"""Introductions, feedback and their links.

Alpha has been asked by a third cluster, so its manager may answer; beta has no part in it.
"""

from matching.models import Feedback, Introduction, Outcome
from matching.tokens import make_answer_token, make_outcome_token, make_suggestion_token
from tests.factories import make_cluster, make_manager
from tests.permissions.parameters import House


def furnish_introductions(house: House) -> None:
    """Give every address of introductions something to show or to refuse."""
    world = house.world
    third = make_cluster(slug="third", name="Third")
    other = make_manager(third, email="manager@third.example")
    asked = Introduction.objects.create(
        asker=third,
        partner=world.alpha,
        message="Warum",
        asked_by=other,
        asker_person=other,
        asker_answer="agreed",
        asked_at="2100-01-01T00:00Z",
        expires_at="2100-01-22T00:00Z",
    )
    said = Feedback.objects.create(cluster=world.alpha, partner=third, kind="unsuitable")
    outcome = Outcome.objects.create(introduction=asked, kind="talk", recorded_by=other)
    house.put("matching:introduction-create matching:feedback-undo", slug="alpha", partner="third")
    house.put("matching:feedback-create", slug="alpha", partner="third", kind="later")
    house.put(
        "matching:introduction-detail matching:introduction-reply matching:introduction-withdraw"
        " matching:introduction-outcome matching:introduction-dates matching:introduction-choose"
        " matching:introduction-calendar matching:introduction-office matching:introduction-mail"
        " matching:introduction-office-outcome api:introduction-detail api:introduction-answer"
        " api:introduction-withdraw",
        pk=asked.pk,
    )
    house.put("api:feedback-detail", pk=said.pk)
    house.put("matching:outcome-remove", pk=asked.pk, outcome=outcome.pk)
    ids = {"cluster": world.alpha.pk, "user": world.manager.pk}
    house.put("matching:introduction-answer", token=make_answer_token(introduction=asked.pk, **ids))
    house.put(
        "matching:introduction-outcome-link",
        token=make_outcome_token(introduction=asked.pk, **ids),
    )
    house.put("matching:suggestion-answer", token=make_suggestion_token(partner=third.pk, **ids))
