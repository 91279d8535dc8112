"""What must be done before the portal can serve: tables, texts, static files, data.

Each step looks first whether there is anything to do, so that a second start is quick.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg
from celery import current_app
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from dialog.staticfiles import PortalStaticFilesConfig

DATA_COMMANDS = ("load_nrw", "seed_demo")
DATA_FILES = (
    "*/data/**/*",
    "*/nrw/**/*.py",
    "*/nrw.py",
    "*/demo/**/*",
    "*/management/commands/*.py",
    "core/imports.py",
)


class StartError(Exception):
    """The portal cannot start; the text is one sentence for the person who starts it."""


def check_servers() -> None:
    """Raise StartError unless database and broker let us in."""
    options = connection.get_connection_params()
    options.pop("pool", None)
    wanted = {name: options[name] for name in ("host", "port", "dbname") if options.get(name)}
    place = " ".join(f"{name}={value}" for name, value in wanted.items())
    try:
        psycopg.connect(**{**options, "connect_timeout": 5}).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[-1].strip()
        raise StartError(
            f"The database of DATABASE_URL ({place}) is not there: {reason}"
        ) from error
    link = current_app.connection_for_write(connect_timeout=5)
    try:
        link.ensure_connection(max_retries=0)
    except (BrokerError, OSError) as error:
        raise StartError(
            f"The broker of BROKER_URL ({link.as_uri()}) is not there: {error}"
        ) from error
    finally:
        link.release()


def prepare(say: Callable[[str], None]) -> None:
    """Do what is to be done, saying each step that takes time."""
    stamps = Stamps(settings.DATA_DIR / "run" / "prepared.json")
    call_command("compile_catalogues")
    migrated = _migrate(say)
    _collect_static(say, stamps)
    _load_data(say, stamps, again=migrated)


class Stamps:
    """Remembers in a file what each step was last done with."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path

    def _read(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._path.read_text()))
        except (FileNotFoundError, ValueError):
            return {}

    def is_new(self, step: str, fingerprint: str) -> bool:
        """Tell whether the step was last done with something else, or never."""
        return self._read().get(step) != fingerprint

    def set(self, step: str, fingerprint: str) -> None:
        """Remember that the step was done with this."""
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps({**self._read(), step: fingerprint}, indent=1))
        fresh.replace(self._path)


def _migrate(say: Callable[[str], None]) -> bool:
    """Bring the tables up to date; return whether there was anything to do."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return False
    say(f"Updating the database ({len(plan)} migrations) …")
    call_command("migrate", interactive=False, verbosity=0)
    return True


def _collect_static(say: Callable[[str], None], stamps: Stamps) -> None:
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    ignored = PortalStaticFilesConfig.ignore_patterns
    for finder in get_finders():
        for name, storage in finder.list(ignored):
            state = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if stamps.is_new("static", digest.hexdigest()) or not manifest.exists():
        say("Collecting and compressing the static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
        stamps.set("static", digest.hexdigest())


def _load_data(say: Callable[[str], None], stamps: Stamps, *, again: bool) -> None:
    """Run the commands that load data, when the data or the code that loads them changed."""
    commands = get_commands()
    loaded = False
    for name in DATA_COMMANDS:
        if name not in commands or (name == "seed_demo" and not settings.DEMO):
            continue
        fingerprint = _fingerprint(settings.BASE_DIR, _data_files())
        if name == "seed_demo":
            fingerprint += hashlib.sha256(demo_password().encode()).hexdigest()
            # The dates of the examples move with the week.
            fingerprint += "-{}-{}".format(*timezone.localdate().isocalendar())
        if again or stamps.is_new(name, fingerprint):
            say(f"Loading data ({name}) …")
            call_command(name, verbosity=0)
            stamps.set(name, fingerprint)
            loaded = True
    if loaded:
        call_command("compute_suggestions", verbosity=0)


def _data_files() -> Iterable[Path]:
    """Yield the files with data and the code that loads them."""
    for pattern in DATA_FILES:
        for path in settings.BASE_DIR.glob(pattern):
            first = path.relative_to(settings.BASE_DIR).parts[0]
            if path.is_file() and path.suffix != ".pyc" and first not in {"var", "node_modules"}:
                yield path


def _fingerprint(base: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(base)}\0{content}\n".encode())
    return digest.hexdigest()


def demo_password() -> str:
    """Return DEMO_PASSWORD, or one made once for this data folder; sets the variable."""
    if not os.environ.get("DEMO_PASSWORD"):
        path = settings.DATA_DIR / "demo_password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(9) + "\n")
        os.environ["DEMO_PASSWORD"] = path.read_text().strip()
    return os.environ["DEMO_PASSWORD"]
