"""Teams for a call: plain values in, plain values out, no Django, no chance.

``search.propose_teams`` is the entry; docs/matching-consortia.md tells model and bound.
"""
