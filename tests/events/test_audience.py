"""Who would be invited: everybody once, and every mistake named."""

import pytest

from core.choices import MailKind
from core.mail.optout import opt_out
from events.audience import Audience, parse_addresses, resolve
from events.models import Invitation
from tests.conftest import World
from tests.factories import make_cluster, make_district, make_event, make_field, make_manager


def emails(audience: Audience, event: object = None) -> set[str]:
    return {r.email for r in resolve(event or make_event(), audience).recipients}  # type: ignore[arg-type]


def test_marks_of_one_sort_widen_and_sorts_narrow(db: None) -> None:
    materials, energy, district = make_field(), make_field(), make_district()
    a = make_cluster(innovation_fields=[materials], district=district)
    b = make_cluster(innovation_fields=[energy])
    make_manager(a, email="a@a.example")
    make_manager(b, email="b@b.example")
    both = (materials.code, energy.code)
    assert emails(Audience(fields=both)) == {"a@a.example", "b@b.example"}
    assert emails(Audience(fields=both, districts=(district.code,))) == {"a@a.example"}
    assert emails(Audience(districts=(district.code,), clusters=(b.slug,))) == {
        "a@a.example",
        "b@b.example",
    }


def test_members_are_meant_only_when_asked_for(world: World) -> None:
    assert emails(Audience(clusters=("alpha",))) == {"manager@alpha.example"}
    assert emails(Audience(clusters=("alpha",), managers_only=False)) == {
        "manager@alpha.example",
        "member@alpha.example",
    }


def test_unpublished_clusters_and_former_members_are_not_reached(world: World) -> None:
    world.beta.status = "archived"
    world.beta.save()
    membership = world.manager.memberships.get()
    membership.ended_at = membership.started_at
    membership.save()
    result = resolve(make_event(), Audience(clusters=("alpha", "beta")))
    assert result.recipients == []
    assert result.without_people == ["Alpha"]


def test_each_address_counts_once_whatever_its_case_and_place(world: World) -> None:
    result = resolve(
        make_event(),
        Audience(
            clusters=("alpha",),
            addresses="Manager@ALPHA.example, new@x.example\nNEW@x.example; new@x.example",
        ),
    )
    assert [r.email for r in result.recipients] == ["manager@alpha.example", "new@x.example"]
    assert result.repeated == 3


def test_account_decides_the_language_and_the_choice_decides_for_the_others(world: World) -> None:
    world.outsider.language = "en"
    world.outsider.save()
    result = resolve(
        make_event(), Audience(addresses="outsider@beta.example\nx@x.example", language="de")
    )
    assert {r.email: r.language for r in result.recipients} == {
        "outsider@beta.example": "en",
        "x@x.example": "de",
    }
    assert result.languages == {"en": 1, "de": 1}


def test_invited_and_opted_out_are_named_and_left_out(world: World) -> None:
    event = make_event()
    Invitation.objects.create(event=event, email="Old@x.example")
    opt_out(address="Never@x.example", kind=MailKind.INVITATION)
    result = resolve(event, Audience(addresses="old@x.example, never@x.example, yes@x.example"))
    assert [r.email for r in result.recipients] == ["yes@x.example"]
    assert [r.email for r in result.already_invited] == ["old@x.example"]
    assert [r.email for r in result.opted_out] == ["never@x.example"]


@pytest.mark.parametrize(
    ("line", "name", "email"),
    [
        ("guest@x.example", "", "guest@x.example"),
        ("A Guest <guest@x.example>", "A Guest", "guest@x.example"),
        ('"Guest, A" <guest@x.example>', "Guest, A", "guest@x.example"),
        ("Guest, A <guest@x.example>", "Guest, A", "guest@x.example"),
        ("guest@münster.example", "", "guest@xn--mnster-3ya.example"),
        ("  \tguest@x.example ;", "", "guest@x.example"),
    ],
)
def test_common_ways_to_write_an_address_are_understood(line: str, name: str, email: str) -> None:
    found, malformed = parse_addresses(line, "de")
    assert malformed == []
    assert [(r.name, r.email) for r in found] == [(name, email)]


@pytest.mark.parametrize(
    "entry",
    ["nobody", "a@b@c.example", "a@", "@b.example", "jörg@x.example", "<a b@x.example>", "a@-.x"],
)
def test_what_is_no_address_is_named_with_line_and_reason(entry: str) -> None:
    found, malformed = parse_addresses(f"fine@x.example\n\n{entry}\nalso@x.example", "de")
    assert [r.email for r in found] == ["fine@x.example", "also@x.example"]
    assert [(m.line, bool(m.reason)) for m in malformed] == [(3, True)]


def test_names_cannot_smuggle_header_lines(db: None) -> None:
    found, _ = parse_addresses("Evil\x0b\x00Bcc: <guest@x.example>", "de")
    assert all(sign.isprintable() for r in found for sign in r.name)


def test_fifty_thousand_lines_are_read_in_one_go(db: None) -> None:
    text = "\n".join(f"guest-{n}@x.example" for n in range(50_000))
    found, malformed = parse_addresses(text, "de")
    assert (len(found), malformed) == (50_000, [])
