"""Public tables move the data version whenever they change."""

from django.db import migrations

from core.versions import triggers

TABLES = [
    "clusters_cluster",
    "clusters_cluster_innovation_fields",
    "clusters_cluster_terms",
    "clusters_cooperation",
    "clusters_district",
    "clusters_document",
    "clusters_fact",
    "clusters_goodpractice",
    "clusters_innovationfield",
    "clusters_labelaward",
    "clusters_need",
    "clusters_need_terms",
    "clusters_offer",
    "clusters_offer_terms",
    "clusters_project",
    "clusters_project_clusters",
    "clusters_project_innovation_fields",
    "clusters_term",
    "clusters_term_innovation_fields",
]


class Migration(migrations.Migration):
    dependencies = [("clusters", "0001_initial")]
    operations = [triggers(TABLES)]
