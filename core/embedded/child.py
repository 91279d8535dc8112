"""A child process that ends with its parent, logs to a file and can be ended in order."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

LOG_LIMIT = 10 * 1024 * 1024


class Child:
    """One program run in the foreground as our child.

    It gets a session of its own: Ctrl-C in the terminal reaches only us, who then end the
    children in order, and whatever the program forks can be ended as one process group.

    ``stop_signal`` is the program's own signal for a clean end. The kernel sends the same
    signal when we die without being able to (``kill -9``): ``setpriv --pdeathsig`` asks for
    that. The signal follows the *thread* that started the child, so children are to be started
    from the main thread. Where setpriv does not exist (not Linux) this last net is missing.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        stop_signal: signal.Signals = signal.SIGTERM,
        environ: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        pass_fds: Sequence[int] = (),
        privileges: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.log = log
        self.stop_signal = stop_signal
        words = [str(word) for word in command]
        setpriv = shutil.which("setpriv")
        if setpriv:
            death = stop_signal.name.removeprefix("SIG")
            words = [setpriv, *privileges, "--pdeathsig", death, "--", *words]
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_LIMIT:
            log.replace(log.with_suffix(".1.log"))
        self._log_start = log.stat().st_size if log.exists() else 0
        with log.open("ab") as stream:
            self.process = subprocess.Popen(  # noqa: S603 - fixed programs, no shell
                words,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=dict(environ) if environ is not None else None,
                cwd=cwd,
                pass_fds=tuple(pass_fds),
                start_new_session=True,
            )

    @property
    def returncode(self) -> int | None:
        """The exit code (negative: the signal that ended it), or None while it runs."""
        return self.process.poll()

    def written(self) -> str:
        """Return what this child has logged since it was started (at most the last 64 KiB)."""
        with self.log.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(self._log_start, size - 64 * 1024))
            return stream.read().decode(errors="replace")

    def tail(self, lines: int = 20) -> str:
        """Return the last ``lines`` lines that this child has logged."""
        return "\n".join(self.written().splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        """Send the signal for a clean end; returns at once."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self, seconds: float = 10) -> None:
        """End the child and everything it forked: ask, wait up to ``seconds``, then kill."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        end_group(self.process.pid)
        self.process.wait()


def end_group(leader: int) -> None:
    """Kill what is left of the process group of a child of ours."""
    for _attempt in range(50):
        try:
            os.killpg(leader, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # Gone, or only zombies left that their own parent has still to reap.
            return
        time.sleep(0.01)
