"""What the portal is built from, and under which licences."""

import json
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

_LICENCE_CLASSIFIER = "License :: "
# Longer texts in the field are the licence itself, not its name.
_NAME_LENGTH = 60


class Package(NamedTuple):
    """A package we use; ``licence`` is empty where the package does not state one."""

    name: str
    version: str
    licence: str


def _licence(about: metadata.PackageMetadata) -> str:
    """Read the licence from the newest of the three places packages state it in."""
    if "License-Expression" in about:
        return about["License-Expression"]
    classifiers = [
        entry.rpartition(" :: ")[2]
        for entry in about.get_all("Classifier") or []
        if entry.startswith(_LICENCE_CLASSIFIER) and entry.count(" :: ") > 1
    ]
    if classifiers:
        return ", ".join(classifiers)
    text = about["License"].strip() if "License" in about else ""
    return text if len(text) <= _NAME_LENGTH and "\n" not in text else ""


@cache
def python_packages() -> list[Package]:
    """Every Python package installed beside the portal, by name."""
    found = {
        distribution.metadata["Name"].lower(): Package(
            distribution.metadata["Name"], distribution.version, _licence(distribution.metadata)
        )
        for distribution in metadata.distributions()
    }
    return [found[name] for name in sorted(found)]


@cache
def browser_packages() -> list[Package]:
    """The packages whose files go to the browser: those of package-lock.json, and htmx."""
    lock = json.loads((Path(settings.BASE_DIR) / "package-lock.json").read_text(encoding="utf-8"))
    packages = [
        Package(path.removeprefix("node_modules/"), entry["version"], entry.get("license", ""))
        for path, entry in lock["packages"].items()
        if path
    ]
    # django-htmx carries the script; its version stands in its own notes only.
    return sorted([*packages, Package("htmx.org", "2", "0BSD")])
