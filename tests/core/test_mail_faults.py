"""Everything that carries mails is killed in the middle; ``make soak`` does so for long."""

import subprocess
import sys

from tests.mail_faults import ROOT


def test_kills_lose_no_mail_and_repeat_only_what_is_reported() -> None:
    """In a process of its own: its servers must not be those of the other tests."""
    command = [sys.executable, "-m", "tests.mail_faults", "--mails=800", "--faults=6", "--seed=20"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-3000:]}"
    assert "'repeated': " in done.stdout
