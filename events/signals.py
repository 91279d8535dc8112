"""News of events for the apps above."""

from django.dispatch import Signal

personal_data_removed = Signal()
"""The personal data of ``event`` go, in the transaction that removes them.

Receivers remove what the apps above keep about its people and return how many rows of each kind
went, as ``{"meetings": 3}``; an error in one of them takes the whole removal back.
"""
