"""The matching engine: plain values in, plain values out, no Django.

This package re-exports nothing on purpose: `profile`, `results` and `reasons` are light and may be
imported by a door; `ranking` pulls in numpy and belongs into a task. See docs/matching.md.
"""
