"""What programs see of clusters, needs, offers and the vocabularies."""

from rest_framework import serializers

from clusters.choices import TermKind
from clusters.models import ChangeRequest, Cluster, District, InnovationField, Need, Offer, Term
from core.api.rows import Bilingual, Codes, PageAddress, RowSerializer


class ClusterSerializer(RowSerializer):
    """A cluster as its profile shows it. ``sources`` says where each value is from.

    ``labels`` are those not known to have run out.
    """

    slug = serializers.SlugField()
    name = serializers.CharField()
    full_name = Bilingual()
    kind = serializers.CharField()
    status = serializers.CharField()
    activity = serializers.CharField()
    activity_note = Bilingual()
    profile = Bilingual()
    city = serializers.CharField()
    district = serializers.CharField(source="district.code", allow_null=True)
    location_status = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    founded_year = serializers.IntegerField(allow_null=True)
    website = serializers.CharField()
    carrier = serializers.CharField()
    members_count = serializers.IntegerField(allow_null=True)
    members_year = serializers.IntegerField(allow_null=True)
    in_alliance = serializers.BooleanField(allow_null=True)
    innovation_fields = Codes("innovation_fields")
    technologies = Codes("terms", where={"kind": TermKind.TECHNOLOGY})
    stages = Codes("terms", where={"kind": TermKind.STAGE})
    sectors = Codes("terms", where={"kind": TermKind.SECTOR})
    ecosystems = Codes("terms", where={"kind": TermKind.ECOSYSTEM})
    labels = Codes("labels", code="level", among=lambda labels: labels.valid())
    is_example = serializers.BooleanField()
    sources = serializers.JSONField()
    updated_at = serializers.DateTimeField()
    url = PageAddress("clusters:cluster-detail")

    class Meta:
        model = Cluster


class StatementSerializer(RowSerializer):
    """A need or an offer of a cluster, as far as the reader may see it."""

    id = serializers.IntegerField()
    cluster = serializers.CharField(source="cluster.slug")
    text = Bilingual()
    stage = serializers.CharField(source="stage.code", allow_null=True)
    terms = Codes("terms")
    valid_until = serializers.DateField(allow_null=True)
    confidentiality = serializers.CharField()
    status = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    is_example = serializers.BooleanField()
    updated_at = serializers.DateTimeField()


class NeedSerializer(StatementSerializer):
    url = PageAddress("clusters:cluster-detail", "cluster__slug", anchor="need")

    class Meta:
        model = Need


class OfferSerializer(StatementSerializer):
    url = PageAddress("clusters:cluster-detail", "cluster__slug", anchor="offer")

    class Meta:
        model = Offer


class InnovationFieldSerializer(RowSerializer):
    """One of the seven fields of the Regional Innovation Strategy NRW."""

    code = serializers.SlugField()
    number = serializers.IntegerField()
    name = Bilingual()
    summary = Bilingual()
    is_cross_cutting = serializers.BooleanField()
    sources = serializers.JSONField()

    class Meta:
        model = InnovationField


class DistrictSerializer(RowSerializer):
    """One of the five administrative districts of NRW."""

    code = serializers.SlugField()
    nuts = serializers.CharField()
    name = Bilingual()
    short_name = Bilingual()

    class Meta:
        model = District


class TermSerializer(RowSerializer):
    """A word of the controlled vocabulary."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    code = serializers.SlugField()
    label = Bilingual()  # type: ignore[assignment]
    description = Bilingual()
    synonyms = serializers.ListField(child=serializers.CharField())
    position = serializers.IntegerField()
    is_cross_cutting = serializers.BooleanField()
    innovation_fields = Codes("innovation_fields")
    sources = serializers.JSONField()

    class Meta:
        model = Term


class ChangeSerializer(RowSerializer):
    """A change on its way through review: what was asked for and what became of it."""

    id = serializers.IntegerField()
    cluster = serializers.CharField(source="cluster.slug")
    target = serializers.CharField()
    need = serializers.IntegerField(source="need_id", allow_null=True)
    offer = serializers.IntegerField(source="offer_id", allow_null=True)
    state = serializers.CharField()
    reason = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = ChangeRequest
