"""Doors of the topics app."""
