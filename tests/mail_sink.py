"""A quick and sturdy SMTP server in processes of its own, for tests by the thousand and figures.

It accepts everything, counts it and, where ``--log`` names a file, writes ``Message-ID recipient``
there before it says so. Each connection has a process with a blocking socket, which costs a tenth
of what an event loop does: the senders are measured, not the sink. Needs nothing but Python.
"""

import argparse
import contextlib
import mmap
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from array import array
from pathlib import Path

_MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.I | re.M)
_SLOTS = 8192
_NUMBER = struct.Struct("q")
_ROOT = Path(__file__).resolve().parent.parent


class Sink:
    """The server, for the length of a ``with`` block; may be killed and started again.

    ``port`` 0 takes a free one and keeps it. ``delay`` is how many seconds an answer takes.
    """

    def __init__(self, folder: Path, *, log: bool = False, delay: float = 0.0) -> None:
        self.port = 0
        self.log = folder / "sink.log" if log else None
        self._ready = folder / "sink.port"
        self._counts = folder / "sink.counts"
        self._counts.write_bytes(bytes(_SLOTS * _NUMBER.size))
        self._delay = delay
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Sink":
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()

    def start(self) -> None:
        """Listen, on the same port as before."""
        self._ready.unlink(missing_ok=True)
        command = [sys.executable, "-S", __file__, str(self._ready), str(self._counts)]
        command += ["--port", str(self.port), "--delay", str(self._delay)]
        if self.log:
            command += ["--log", str(self.log)]
        self._process = subprocess.Popen(command, cwd=_ROOT, start_new_session=True)
        while not self._ready.exists():
            if self._process.poll() is not None:
                raise RuntimeError("The SMTP sink did not start.")
            time.sleep(0.01)
        self.port = int(self._ready.read_text())

    def kill(self) -> None:
        """End the server and all its connections without any goodbye."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    @property
    def count(self) -> int:
        """How many mails it has accepted."""
        return count(self._counts)

    def accepted(self) -> list[tuple[str, str]]:
        """Return Message-ID and recipient of every mail, in the order of acceptance."""
        assert self.log is not None
        if not self.log.exists():
            return []
        lines = self.log.read_text().splitlines()
        return [(message_id, to) for message_id, _, to in (line.partition(" ") for line in lines)]


def count(counts: Path) -> int:
    """Return how many mails the server with this file has accepted."""
    return sum(array("q", counts.read_bytes()))


def _serve(arguments: argparse.Namespace) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.create_server(("127.0.0.1", arguments.port), backlog=64)
    with Path(arguments.counts).open("r+b") as stream:
        counts = mmap.mmap(stream.fileno(), 0)
    log = os.open(arguments.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT) if arguments.log else None
    fresh = Path(f"{arguments.ready}.new")
    fresh.write_text(str(listener.getsockname()[1]))
    fresh.rename(arguments.ready)
    slot = next(n for n in range(_SLOTS) if not _NUMBER.unpack_from(counts, n * _NUMBER.size)[0])
    while True:
        connection, _address = listener.accept()
        slot = (slot + 1) % _SLOTS
        if os.fork() == 0:
            listener.close()
            # The other side may hang up or be killed at any moment.
            with contextlib.suppress(OSError):
                _Conversation(connection, counts, slot * _NUMBER.size, log, arguments.delay).run()
            os._exit(0)
        connection.close()


class _Conversation:
    def __init__(
        self, connection: socket.socket, counts: mmap.mmap, slot: int, log: int | None, delay: float
    ) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connection = connection
        self._counts = counts
        self._slot = slot
        self._number = _NUMBER.unpack_from(counts, slot)[0]
        self._log = log
        self._delay = delay
        self._recipient = b""
        self._in_data = False

    def run(self) -> None:
        self._connection.sendall(b"220 sink.example ESMTP\r\n")
        pieces: list[bytes] = []
        while data := self._connection.recv(262144):
            pieces.append(data)
            if not data.endswith(b"\r\n"):
                continue
            rest = b"".join(pieces)
            answers, rest = self._read(rest)
            pieces = [rest] if rest else []
            if answers:
                if self._delay:
                    time.sleep(self._delay)
                self._connection.sendall(b"".join(answers))

    def _read(self, text: bytes) -> tuple[list[bytes], bytes]:
        answers = []
        while text:
            mark = b"\r\n.\r\n" if self._in_data else b"\r\n"
            end = text.find(mark)
            if end < 0:
                break
            answers.append(self._answer(text[:end]))
            text = text[end + len(mark) :]
        return answers, text

    def _answer(self, line: bytes) -> bytes:
        if self._in_data:
            self._in_data = False
            return self._accept(line)
        command = line[:4].upper()
        if command == b"MAIL":
            self._recipient = b""
        elif command == b"RCPT":
            self._recipient = line.partition(b"<")[2].partition(b">")[0]
        elif command == b"EHLO":
            return b"250-sink.example\r\n250-8BITMIME\r\n250 PIPELINING\r\n"
        elif command == b"DATA":
            self._in_data = True
            return b"354 Go ahead\r\n"
        elif command == b"QUIT":
            return b"221 Bye\r\n"
        return b"250 Ok\r\n"

    def _accept(self, message: bytes) -> bytes:
        if self._log is not None:
            found = _MESSAGE_ID.search(message)
            os.write(self._log, b"%b %b\n" % (found[1] if found else b"-", self._recipient))
        self._number += 1
        _NUMBER.pack_into(self._counts, self._slot, self._number)
        return b"250 Accepted\r\n"


def main() -> None:
    """Serve until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("ready")
    parser.add_argument("counts")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log")
    parser.add_argument("--delay", type=float, default=0.0)
    _serve(parser.parse_args())


if __name__ == "__main__":
    main()
