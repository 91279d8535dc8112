"""All checks that need no test, one after the other; ends with 1 when one of them failed."""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.embedded import EmbeddedServers  # noqa: E402 - found only with the line above

BIN = Path(sys.executable).parent
PYTHON = sys.executable
SNAPSHOT = ROOT / "tests" / "snapshots" / "openapi.yaml"

# Settings as in production; the servers named here are never asked.
PRODUCTION = {
    "BASE_URL": "https://portal.example",
    "SECRET_KEY": secrets.token_urlsafe(60),
    "DATABASE_URL": "postgresql://portal@database.example/portal",
    "BROKER_URL": "redis://broker.example:6379/0",
    "EMAIL_URL": "smtp://mail.example:25",
}


def run(*command: str | Path, environ: Mapping[str, str] | None = None) -> bool:
    """Run a program in the project folder; tell whether it ended well."""
    words = [str(word) for word in command]
    return not subprocess.call(words, cwd=ROOT, env={**os.environ, **(environ or {})})


def manage(*arguments: str, environ: Mapping[str, str] | None = None) -> bool:
    """Run a management command; tell whether it ended well."""
    return run(PYTHON, "manage.py", *arguments, environ=environ)


def templates_are_clean() -> bool:
    """Lint the templates."""
    return run(BIN / "djlint", "templates", "--lint", "--quiet")


def schema_is_current(folder: Path) -> bool:
    """Compare the description of the API with the one that is kept."""
    fresh = folder / "openapi.yaml"
    if not manage("spectacular", "--validate", "--fail-on-warn", "--file", str(fresh)):
        return False
    if SNAPSHOT.exists() and SNAPSHOT.read_text() == fresh.read_text():
        return True
    run("diff", "-u", SNAPSHOT, fresh)
    print(f"{SNAPSHOT.relative_to(ROOT)} is not current; run: make schema")
    return False


def main() -> int:
    """Run every check and say at the end which failed."""
    failed = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with EmbeddedServers(folder / "data", durable=False) as servers:
            os.environ.update(servers.urls)
            os.environ.update(DATA_DIR=str(folder / "data"), SECRET_KEY="s" * 60)
            checks: dict[str, Callable[[], bool]] = {
                "lint (ruff check)": lambda: run(BIN / "ruff", "check", "."),
                "format (ruff format)": lambda: run(BIN / "ruff", "format", "--check", "."),
                "types (mypy)": lambda: run(BIN / "mypy", "."),
                "layers (import-linter)": lambda: run(BIN / "lint-imports"),
                "templates (djlint)": templates_are_clean,
                "migrations complete": lambda: manage("makemigrations", "--check", "--dry-run"),
                "fit for production (check --deploy)": lambda: manage(
                    "check", "--deploy", "--fail-level", "WARNING", environ=PRODUCTION
                ),
                "messages complete": lambda: run(PYTHON, "tools/check_messages.py"),
                "API description current": lambda: schema_is_current(folder),
                "licences compatible": lambda: run(PYTHON, "tools/check_licences.py"),
                "no known weaknesses": lambda: run(PYTHON, "tools/check_weaknesses.py"),
            }
            for title, check in checks.items():
                print(f"== {title}", flush=True)
                begin = time.monotonic()
                if not check():
                    failed.append(title)
                print(f"   {time.monotonic() - begin:.1f} s", flush=True)
    if failed:
        print("\nFailed: " + ", ".join(failed))
        return 1
    print(f"\nAll {len(checks)} checks passed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
