"""Check that every text of the portal is translated into German, and nothing is left over."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("dialog/locale/de/LC_MESSAGES/django.po")
LEAVE_OUT = (".git", ".venv", "node_modules", "var", "tests", "benchmarks", "tools", "data")
SHOWN = 20


def collected(folder: Path) -> polib.POFile:
    """Return the texts found in the sources now, collected in a copy of them."""
    copy = folder / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEAVE_OUT, "*.pyc", "*.mo"))
    command = [sys.executable, "manage.py", "makemessages", "-l", "de", "--no-obsolete"]
    subprocess.run(command, cwd=copy, check=True, stdout=subprocess.DEVNULL)
    return polib.pofile(str(copy / CATALOGUE))


def keys(catalogue: polib.POFile) -> set[tuple[str, str, str]]:
    """Return what identifies each text: context, singular, plural."""
    return {
        (entry.msgctxt or "", entry.msgid, entry.msgid_plural)
        for entry in catalogue
        if not entry.obsolete
    }


def complaints() -> list[str]:
    """Return one line for each fault."""
    path = ROOT / CATALOGUE
    if not path.exists():
        return [f"{CATALOGUE} does not exist; run: make messages"]
    kept = polib.pofile(str(path))
    with tempfile.TemporaryDirectory() as name:
        fresh = collected(Path(name))
    lines = [
        f"missing (make messages): {text!r}" for _, text, _ in sorted(keys(fresh) - keys(kept))
    ]
    lines += [
        f"left over (make messages): {text!r}" for _, text, _ in sorted(keys(kept) - keys(fresh))
    ]
    lines += [f"fuzzy: {entry.msgid!r}" for entry in kept.fuzzy_entries()]
    lines += [f"no German: {entry.msgid!r}" for entry in kept.untranslated_entries()]
    checked = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if checked.returncode:
        lines += checked.stderr.splitlines()
    return lines


def main() -> int:
    """Print the complaints."""
    lines = complaints()
    print("\n".join(lines[:SHOWN]))
    if len(lines) > SHOWN:
        print(f"… and {len(lines) - SHOWN} more")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
