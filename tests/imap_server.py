"""A real IMAP server for the tests: Dovecot from Debian, on loopback, gone after the block.

It runs as whoever runs the tests, from a folder of its own, and touches nothing of the system.
"""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from imapclient import IMAPClient

from tests.processes import wait_until

USER, PASSWORD = "dialog", "open/sesame"
_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_location = maildir:{folder}/mail
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 0
first_valid_gid = 0
default_vsz_limit = 0
passdb {{
  driver = static
  args = password={{plain}}{password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class ImapServer:
    """One mailbox; tests put mails in and look at their flags, as a mail server and staff do."""

    def __init__(self, port: int) -> None:
        self.port = port

    @property
    def url(self) -> str:
        return f"imap://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def opened(self, folder: str = "INBOX") -> Iterator[IMAPClient]:
        with IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=10) as client:
            client.login(USER, PASSWORD)
            client.select_folder(folder)
            yield client

    def put(self, raw: bytes, at: datetime | None = None) -> int:
        """Deliver a mail and return its UID."""
        with self.opened() as client:
            before = set(client.search(["ALL"]))
            client.append("INBOX", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"), (), at)
            client.noop()
            (uid,) = set(client.search(["ALL"])) - before
            return int(uid)

    def flags(self, uid: int) -> set[str]:
        with self.opened() as client:
            return {flag.decode() for flag in client.get_flags([uid])[uid]} - {r"\Recent"}

    def is_unread(self, uid: int) -> bool:
        return r"\Seen" not in self.flags(uid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        return connection.recv(4).startswith(b"* OK")
    return False


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """Run a server with an empty mailbox for the length of the block."""
    program = shutil.which("dovecot") or "/usr/sbin/dovecot"
    folder = Path(tempfile.mkdtemp(prefix="portal-imap-"))
    port = _free_port()
    # Dovecot serves nobody as root; there, its parts run as the user who owns nothing.
    me: Any = pwd.getpwuid(os.getuid() or pwd.getpwnam("nobody").pw_uid)
    os.chown(folder, me.pw_uid, me.pw_gid)
    config = folder / "dovecot.conf"
    (folder / "run").mkdir()
    config.write_text(
        _CONFIG.format(
            folder=folder,
            user=me.pw_name,
            group=grp.getgrgid(me.pw_gid).gr_name,
            uid=me.pw_uid,
            gid=me.pw_gid,
            password=PASSWORD,
            port=port,
        )
    )
    server = subprocess.Popen(
        [program, "-F", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        wait_until(lambda: _answers(port) or server.poll() is not None, "Dovecot", 30)
        assert server.poll() is None, server.stderr.read() if server.stderr else ""
        yield ImapServer(port)
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
