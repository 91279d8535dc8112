"""The rows behind the addresses of suggested partners."""

from matching.models import ClusterBlock
from tests.factories import make_cluster
from tests.permissions.parameters import House


def furnish_lists(house: House) -> None:
    """Put in a wish of Alpha not to be suggested to another cluster."""
    other = make_cluster(slug="blocked")
    block = ClusterBlock.objects.create(cluster=house.world.alpha, blocked=other)
    house.put("matching:block-list", slug="alpha")
    house.put("matching:block-create", slug="alpha", partner="blocked")
    house.put("matching:block-lift", slug="alpha", pk=block.pk)
