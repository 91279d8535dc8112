"""Loads what is known about the clusters of North Rhine-Westphalia into the clusters tables.

The files lie in ``clusters/data``; their README says where each of them is from. ``source`` of
the import is ``nrw`` for all apps.
"""

from clusters.nrw.files import SOURCE, VERSION, read
from clusters.nrw.profiles import load_clusters
from clusters.nrw.taxonomy import load_taxonomy

__all__ = ["SOURCE", "VERSION", "load_clusters", "load_taxonomy", "read"]
