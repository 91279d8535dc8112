"""Teams asked for on a page come from a real worker."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from matching.models import Weights
from tests.celery_worker import celery_worker, drop_waiting_tasks
from tests.factories import make_cluster, make_manager, make_term
from tests.matching.call_rows import make_call
from tests.processes import wait_until


@pytest.mark.django_db(transaction=True)
def test_pressing_the_button_leads_to_teams(tmp_path: Path, client: Client) -> None:
    # Other tests may have emptied the tables the migration filled.
    Weights.objects.get_or_create(version=1, defaults={"published_at": timezone.now()})
    term = make_term()
    lead = make_cluster()
    holder = make_cluster(terms=[term])
    call = make_call(lead, musts=[term])
    client.force_login(make_manager(lead))
    drop_waiting_tasks()
    with celery_worker(tmp_path):
        answer = client.post(reverse("matching:call-compute", args=[call.pk]))
        assert answer["Location"] == call.get_absolute_url()
        wait_until(call.teams.exists, "teams", 60)
    members = call.teams.get(rank=1).members
    assert members.filter(cluster=holder).exists()
    assert call.name in client.get(call.get_absolute_url()).content.decode()
