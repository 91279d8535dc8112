"""Matching: scores, suggestions of partners and their reasons."""
