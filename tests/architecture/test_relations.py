"""Foreign keys go down the ladder. Import contracts cannot see them: they may be strings."""

from django.apps import apps

LADDER = ["dialog", "matching", "events", "topics", "clusters", "accounts", "core"]


def relations() -> list[tuple[str, str, str]]:
    """Return (app, field, app pointed to) for every relation of our models."""
    return [
        (model._meta.app_label, str(field), field.related_model._meta.app_label)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in LADDER
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and not isinstance(field.related_model, str | None)
    ]


def test_relations_point_down_the_ladder() -> None:
    up = [
        f"{field} points up to {target}"
        for app, field, target in relations()
        if target in LADDER and LADDER.index(target) < LADDER.index(app)
    ]
    assert up == []


def test_the_walk_sees_relations_between_apps() -> None:
    seen = {(app, target) for app, _, target in relations()}
    assert ("events", "clusters") in seen
    assert ("matching", "clusters") in seen
