"""The portal's own PostgreSQL and Valkey."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from core.embedded import EmbeddedError, EmbeddedServers, provide
from tests.processes import descendants, running, wait_gone, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent

# An owner that leaves a row behind and then waits to be killed.
OWNER = """
import os, sys, time, psycopg
from pathlib import Path
from core.embedded import EmbeddedServers
servers = EmbeddedServers(Path(sys.argv[1]))
servers.start()
with psycopg.connect(servers.urls["DATABASE_URL"]) as link:
    link.execute("CREATE TABLE note AS SELECT 'kept' AS text")
print("started", flush=True)
time.sleep(600)
"""


def sockets_of(servers: EmbeddedServers) -> Path:
    return Path(servers.urls["DATABASE_URL"].partition("?host=")[2])


def ask(servers: EmbeddedServers, question: str) -> object:
    with psycopg.connect(servers.urls["DATABASE_URL"]) as link:
        row = link.execute(question).fetchone()
    return row[0] if row else None


def valkey(servers: EmbeddedServers) -> "redis.Redis":
    return redis.Redis(unix_socket_path=servers.urls["BROKER_URL"].removeprefix("redis+socket://"))


def test_servers_answer_and_leave_nothing_when_stopped(tmp_path: Path) -> None:
    with EmbeddedServers(tmp_path, durable=False) as servers:
        sockets = sockets_of(servers)
        assert ask(servers, "SELECT current_database()") == "dialog"
        assert valkey(servers).ping()
        pids = [child.process.pid for child in servers.children]
        assert len(pids) == 2
        assert pids[0] in running()
        assert sockets.stat().st_mode & 0o077 == 0
    assert not set(pids) & running().keys()
    assert not sockets.exists()


def test_servers_of_two_folders_never_meet(tmp_path: Path) -> None:
    with (
        EmbeddedServers(tmp_path / "a", durable=False) as one,
        EmbeddedServers(tmp_path / "b", durable=False) as other,
    ):
        with psycopg.connect(one.urls["DATABASE_URL"]) as link:
            link.execute("CREATE TABLE note (text text)")
        valkey(one).set("note", "one")
        assert ask(one, "SELECT to_regclass('note')::text") == "note"
        assert ask(other, "SELECT to_regclass('note')::text") is None
        assert valkey(other).get("note") is None


def test_guest_uses_the_owners_servers_and_leaves_them_running(tmp_path: Path) -> None:
    with EmbeddedServers(tmp_path, durable=False) as owner:
        with EmbeddedServers(tmp_path, durable=False) as guest:
            assert not guest.owned
            assert guest.urls == owner.urls
        assert ask(owner, "SELECT 1") == 1


def test_killed_owner_leaves_no_process_and_no_data_is_lost(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout
    assert owner.stdout.readline() == "started\n"
    servers = descendants(owner.pid)
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    wait_gone(servers)
    # What a machine that lost its power leaves behind: a number that belongs to a stranger now.
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    with EmbeddedServers(tmp_path) as next_owner:
        assert next_owner.owned
        assert ask(next_owner, "SELECT text FROM note") == "kept"


def test_next_start_waits_for_servers_that_are_still_going_down(tmp_path: Path) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout
    assert owner.stdout.readline() == "started\n"
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    with EmbeddedServers(tmp_path) as next_owner:
        assert ask(next_owner, "SELECT text FROM note") == "kept"


def test_half_made_database_folder_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedServers(tmp_path, durable=False, broker=False) as servers:
        assert ask(servers, "SELECT 1") == 1
        assert "BROKER_URL" not in servers.urls


def test_server_that_dies_at_start_is_explained_and_the_other_one_ends(tmp_path: Path) -> None:
    (tmp_path / "valkey").mkdir()
    (tmp_path / "valkey" / "appendonlydir").write_text("not a folder")
    with pytest.raises(EmbeddedError, match=r"Valkey did not start: .*appendonly"):
        EmbeddedServers(tmp_path).start()
    wait_until(
        lambda: not any(str(tmp_path) in command for _, command in running().values()),
        "the end of PostgreSQL",
    )


def test_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EmbeddedError, match="is not writable"):
        EmbeddedServers(tmp_path / "file" / "var").start()


def test_servers_that_are_named_are_used() -> None:
    environ = {"DATABASE_URL": "postgresql://database.example/x", "BROKER_URL": "redis://b.example"}
    before = dict(environ)
    assert provide(environ) is None
    assert environ == before
