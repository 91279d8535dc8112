"""The examples of the demonstrator: there, marked, and gone without a trace."""

import datetime
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from clusters.choices import Confidentiality
from clusters.models import Application, ChangeRequest, Cluster, GoodPractice, Need, Offer, Project
from core.models import ImportRecord
from dialog.demo import plant
from events.choices import EventStatus
from events.models import Event, Invitation, Registration
from topics.models import ActionItem, Endorsement, Topic, TopicFollow

EXAMPLES = (
    Need,
    Offer,
    Topic,
    Endorsement,
    ActionItem,
    Event,
    Registration,
    Invitation,
    Project,
    GoodPractice,
)
PASSWORD = "example password for everybody"
MONDAY = datetime.date(2027, 3, 1)

pytestmark = pytest.mark.django_db


def seed(**options: object) -> str:
    out = StringIO()
    call_command("seed_demo", stdout=out, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def planted_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The examples in a transaction around the tests that use ``demo``."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("DEMO_PASSWORD", PASSWORD)
        call_command("load_nrw", verbosity=0)
        seed()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(planted_once: None, db: None) -> None:
    """The data set and the examples; each test undoes its own changes."""


def test_examples_stay_out_of_a_real_portal(db: None, settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        seed()
    assert not User.objects.exists()


def test_people_can_sign_in(demo: None) -> None:
    people = {user.email: user for user in User.objects.all()}
    assert set(people) == {
        "staff@portal.example",
        "manager.its-owl@portal.example",
        "manager.bio-nrw@portal.example",
        "manager.umweltwirtschaft-nrw@portal.example",
        "member.its-owl@portal.example",
    }
    for email, user in people.items():
        assert user.is_demo
        assert user.check_password(PASSWORD)
        assert EmailAddress.objects.get(user=user, email=email).verified
        assert user.is_staff == (email == "staff@portal.example")
    manager = people["manager.bio-nrw@portal.example"]
    assert [cluster.slug for cluster in Cluster.objects.managed_by(manager)] == ["bio-nrw"]


def test_story_has_enough_to_tell(demo: None) -> None:
    entries = [*Need.objects.filter(is_example=True), *Offer.objects.filter(is_example=True)]
    by_cluster: dict[int, int] = {}
    for entry in entries:
        by_cluster[entry.cluster_id] = by_cluster.get(entry.cluster_id, 0) + 1
        assert entry.text_de
        assert entry.text_en
        assert entry.stage is not None
        assert entry.terms.exists()
    assert len(by_cluster) >= 25
    assert min(by_cluster.values()) >= 2
    levels = {entry.confidentiality for entry in entries}
    assert levels == set(Confidentiality.values)
    for topic in Topic.objects.focus():
        assert topic.endorsements.count() >= 3
    assert Event.objects.published().filter(is_example=True).upcoming().count() == 4
    plenary = Event.objects.get(slug="beispiel-plenum")
    assert plenary.sessions.filter(part="parallel", run=1).count() == 3


def test_staff_finds_a_queue(demo: None) -> None:
    assert Application.objects.waiting().count() == 1
    assert ChangeRequest.objects.waiting().count() == 2
    assert Topic.objects.waiting().count() == 2
    assert Event.objects.filter(status=EventStatus.SUBMITTED).count() == 1


def test_nothing_made_up_passes_for_real(demo: None) -> None:
    from_data = Need.objects.exclude(source="example").count()
    assert Need.objects.filter(is_example=False).count() == from_data
    assert not Endorsement.objects.filter(is_example=False).exists()
    assert not Registration.objects.filter(is_example=False).exists()
    for email in Invitation.objects.values_list("email", flat=True):
        assert email.endswith("@portal.example")
    for email in Registration.objects.values_list("email", flat=True):
        assert email.endswith("@portal.example")


def test_second_run_changes_nothing(demo: None) -> None:
    event = Event.objects.get(slug="beispiel-plenum")
    said = seed()
    assert "created" not in said
    assert "updated" not in said
    assert Event.objects.get(slug="beispiel-plenum").updated_at == event.updated_at


def test_dates_stand_still_within_a_week_and_move_with_it(demo: None) -> None:
    def starts() -> datetime.datetime:
        """The beginning as people on the spot write it; clocks may change in between."""
        event = Event.objects.get(slug="beispiel-plenum")
        return timezone.make_naive(event.starts_at)

    plant(password=PASSWORD, today=MONDAY)
    first = starts()
    plant(password=PASSWORD, today=MONDAY + datetime.timedelta(days=6))
    assert starts() == first
    plant(password=PASSWORD, today=MONDAY + datetime.timedelta(days=7))
    assert starts() == first + datetime.timedelta(days=7)
    assert first.hour == 13
    assert Event.objects.filter(slug="beispiel-plenum").count() == 1


def test_own_words_of_demo_people_are_not_overwritten(demo: None) -> None:
    need = Need.objects.filter(is_example=True, cluster__slug="its-owl").first()
    assert need is not None
    need.text_de, need.is_example = "Unser eigenes Wort", False
    need.save()
    seed()
    need.refresh_from_db()
    assert need.text_de == "Unser eigenes Wort"


def test_new_password_replaces_the_old_one(demo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_PASSWORD", "another password altogether")
    seed()
    assert all(user.check_password("another password altogether") for user in User.objects.all())


def test_remove_takes_every_example_and_nothing_else(demo: None) -> None:
    planted = ImportRecord.objects.filter(source="demo")
    assert planted.exists()
    others = {model.__name__: _without_examples(model) for model in EXAMPLES}
    clusters = Cluster.objects.count()
    rows = planted.count()
    assert seed(remove=True) == f"Demo: {rows} demo rows removed.\n"
    for model in EXAMPLES:
        assert not model.objects.filter(is_example=True).exists()
        assert model.objects.count() == others[model.__name__]
    for unmarked in (User, Application, ChangeRequest, TopicFollow):
        assert not unmarked.objects.exists()
    assert Cluster.objects.count() == clusters
    assert not planted.exists()


def _without_examples(model: Any) -> int:
    return int(model.objects.filter(is_example=False).count())
