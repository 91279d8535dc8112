"""On real data with the examples of the demo the lists tell their story."""

import pytest
from django.core.management import call_command

from clusters.models import Cluster
from matching.choices import Audience, ListKind
from matching.models import Round, Suggestion


@pytest.fixture
def demo(db: None) -> None:
    call_command("load_nrw", verbosity=0)
    call_command("seed_demo", verbosity=0)


@pytest.mark.usefixtures("demo")
def test_every_managed_cluster_finds_partners_and_an_answer_to_a_need() -> None:
    managed = Cluster.objects.filter(memberships__role="manager", memberships__user__is_demo=True)
    assert managed.count() == 3
    for cluster in managed:
        rows = Suggestion.objects.current().filter(cluster=cluster, audience=Audience.CLUSTERS)
        assert 5 <= rows.filter(kind=ListKind.NEW).count() <= 8, cluster
        assert any("need" in reason for row in rows for reason in row.reasons), cluster
        # Every need and offer the quotes come from was made up, and the list says so.
        quotes = [reason for row in rows for reason in row.reasons if "need" in reason]
        assert all(reason.get("example") for reason in quotes), cluster


@pytest.mark.usefixtures("demo")
def test_moderators_are_nobodys_partner_and_loading_again_changes_nothing() -> None:
    names = set(Suggestion.objects.current().values_list("partner__slug", flat=True))
    assert not names & {"nrw-innovativ", "cluster-dialog-nrw", "clusterallianz-nrw"}
    assert len(names) > 30
    call_command("load_nrw", verbosity=0)
    call_command("compute_suggestions", verbosity=0)
    assert Round.objects.count() == 1
