"""Doors for programs: clusters, needs, offers, their changes and the vocabularies."""
