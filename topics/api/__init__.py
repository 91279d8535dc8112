"""Doors for programs: topics, proposals and endorsements."""
