"""The story the demonstrator tells: example entries on real clusters, all marked as examples.

``plant`` is idempotent: what people changed or deleted since stays as they left it, until the
example itself changes. ``remove`` takes away every row ``plant`` ever made.
"""

from dialog.demo.garden import SOURCE, plant, remove

__all__ = ["SOURCE", "plant", "remove"]
