"""Check that the licence of every package goes together with ours, the EUPL-1.2."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# What we ship or need to run: permissive licences, and copyleft ones that end at the borders of
# the package or that the EUPL's appendix names.
COMPATIBLE = re.compile(
    r"""
    apache | \b0?bsd | \bmit\b | \bisc\b | \bpsf\b | python\ software\ foundation | cnri-python
    | mpl[- ]2 | mozilla\ public\ license\ 2 | lgpl | eupl | ofl-1 | zlib | cc0 | unlicense
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Tools that only look at our files and are not part of the portal may be under the GPL as well.
TOOLS = re.compile(r"gpl|general public license|artistic", re.IGNORECASE)
# Packages whose own description says less than the licence file they contain.
READ_BY_US = {
    "axe-playwright-python": "MIT",
    "imapclient": "BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
}


def canonical(name: str) -> str:
    """Return the name of a package in the spelling in which names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def fits(licence: str, *, tool: bool) -> bool:
    """Tell whether every licence that applies is allowed; of alternatives (OR) one is enough."""
    return any(
        all(
            COMPATIBLE.search(part) or (tool and TOOLS.search(part))
            for part in re.split(r" AND |;", choice.replace("(", " ").replace(")", " "))
        )
        for choice in licence.split(" OR ")
    )


def python_packages() -> dict[str, str]:
    """Return the licence of each installed Python package."""
    command = [
        str(Path(sys.executable).parent / "pip-licenses"),
        "--format=json",
        "--from=mixed",
        "--with-system",
    ]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return {canonical(row["Name"]): row["License"] for row in json.loads(done.stdout)}


def npm_packages() -> dict[str, str]:
    """Return the licence of each npm package."""
    lock = json.loads((ROOT / "package-lock.json").read_text())
    return {
        path.removeprefix("node_modules/"): package.get("license", "UNKNOWN")
        for path, package in lock["packages"].items()
        if path
    }


def main() -> int:
    """Print the packages whose licence does not fit."""
    text = (ROOT / "requirements.txt").read_text()
    needed = {canonical(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    found = python_packages()
    # Packages with a condition (";") may have no place on this machine.
    always = re.findall(r"^([\w.-]+)==[^;\s]+ \\$", text, re.MULTILINE)
    missing = {canonical(name) for name in always} - found.keys()
    complaints = [f"{name} is not installed" for name in sorted(missing)]
    for name, licence in sorted({**found, **npm_packages()}.items()):
        tool = name in found and name not in needed
        if not fits(READ_BY_US.get(name, licence), tool=tool):
            complaints.append(f"{name}: {licence}")
    print("\n".join(complaints))
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
