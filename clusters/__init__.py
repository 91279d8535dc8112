"""Clusters: taxonomy, profile, membership, needs and offers, labels, projects, review."""
