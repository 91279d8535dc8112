"""The page for those who run the portal says what the code does."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = (
    "dialog/settings.py",
    "dialog/preparation.py",
    "dialog/supervisor.py",
    "dialog/management/commands/run_portal.py",
    "gunicorn.conf.py",
    "core/embedded/__init__.py",
)
# Passed between our own processes; nobody sets them.
INTERNAL = {"READY_FILE"}
READ = re.compile(r"""(?:env\.\w+|environ\.get|environ\.setdefault|environ)[(\[]\s*["']([A-Z_]+)""")


def test_every_environment_variable_is_explained_and_none_is_made_up() -> None:
    read = {
        name for source in SOURCES for name in READ.findall((ROOT / source).read_text())
    } - INTERNAL
    page = (ROOT / "docs" / "operations.md").read_text()
    table = page.partition("## Settings")[2].partition("## Production")[0]
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    assert {"BASE_URL", "DATABASE_URL", "WEB_WORKERS"} <= read
    assert explained == read


def test_units_run_commands_that_exist() -> None:
    units = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
    assert len(units) == 4
    for unit in units:
        command = re.search(r"^ExecStart=\S+ (.*)$", unit.read_text(), re.MULTILINE)
        assert command, unit
        words = command[1].split()
        if words[0] == "manage.py":
            assert (ROOT / "dialog" / "management" / "commands" / f"{words[1]}.py").exists()
        else:
            assert words[:2] in (["-m", "gunicorn"], ["-m", "celery"])
