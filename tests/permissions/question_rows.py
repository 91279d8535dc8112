"""Rooms where the portal is asked: about a need, a topic, an event, a pair."""

from tests.factories import make_event, make_need, make_topic
from tests.permissions.parameters import House


def furnish_questions(house: House) -> None:
    alpha = house.world.alpha
    need = make_need(alpha)
    make_topic(slug="spoken-of")
    make_event(slug="asked-about")
    house.put("matching:need-answers", slug="alpha", pk=need.pk)
    house.put("matching:topic-circle", slug="spoken-of")
    house.put("matching:event-circle", slug="asked-about")
    house.put("matching:own-pair", slug="alpha", partner="beta")
