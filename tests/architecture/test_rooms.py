"""Every app has the same rooms, files stay small, and doors stay short."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

APPS = ["dialog", "matching", "events", "topics", "clusters", "accounts", "core"]
LONGEST_FILE = 420
LONGEST_DOOR = 40


def python_files() -> list[Path]:
    return [
        path
        for app in APPS
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py")
        if "migrations" not in path.parts
    ]


def test_files_stay_readable_in_one_sitting() -> None:
    long = {
        str(p): n for p in python_files() if (n := len(p.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


@pytest.mark.parametrize("app", APPS[:-1])
def test_doors_are_short(app: str) -> None:
    long = []
    for path in python_files():
        parts = path.relative_to(settings.BASE_DIR).parts
        if parts[0] != app or not ({"views", "api"} & {p.removesuffix(".py") for p in parts}):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > LONGEST_DOOR:
                    long.append(f"{path.name}:{node.name} has {lines} lines")
    assert long == []


def test_services_never_import_tasks() -> None:
    guilty = [
        str(path)
        for path in python_files()
        if "services" in path.parts or path.name == "services.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith(".tasks")
    ]
    assert guilty == []
