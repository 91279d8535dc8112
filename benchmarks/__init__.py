"""Figures of speed and quality, each a ratio measured in one run."""
