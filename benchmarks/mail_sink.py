"""An SMTP server that accepts everything, counts it and does nothing else."""

import asyncio
import multiprocessing
from typing import Any


class _Sink(asyncio.Protocol):
    def __init__(self, count: Any) -> None:
        self._count = count
        self._buffer = b""
        self._in_data = False

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        transport.write(b"220 sink.example ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        answers = []
        while True:
            mark = b"\r\n.\r\n" if self._in_data else b"\r\n"
            end = self._buffer.find(mark)
            if end < 0:
                break
            line, self._buffer = self._buffer[:end], self._buffer[end + len(mark) :]
            answers.append(self._answer(line))
        if answers:
            self._transport.write(b"".join(answers))

    def _answer(self, line: bytes) -> bytes:
        if self._in_data:
            self._in_data = False
            # One event loop is the only writer: no lock needed.
            self._count.value += 1
            return b"250 Accepted\r\n"
        command = line[:4].upper()
        if command == b"EHLO":
            return b"250-sink.example\r\n250-8BITMIME\r\n250 PIPELINING\r\n"
        if command == b"DATA":
            self._in_data = True
            return b"354 Go ahead\r\n"
        if command == b"QUIT":
            return b"221 Bye\r\n"
        return b"250 Ok\r\n"


async def _serve(port: Any, count: Any) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Sink(count), "127.0.0.1", 0)
    port.value = server.sockets[0].getsockname()[1]
    await server.serve_forever()


def _main(port: Any, count: Any) -> None:
    asyncio.run(_serve(port, count))


class Sink:
    """The server in a process of its own; ``count`` is what it has accepted."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._port = context.Value("i", 0, lock=False)
        self._count = context.Value("q", 0, lock=False)
        self._process = context.Process(target=_main, args=(self._port, self._count), daemon=True)

    def __enter__(self) -> "Sink":
        self._process.start()
        while not self._port.value:
            if not self._process.is_alive():
                raise RuntimeError("The SMTP sink did not start.")
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.join()

    @property
    def port(self) -> int:
        return int(self._port.value)

    @property
    def count(self) -> int:
        return int(self._count.value)
