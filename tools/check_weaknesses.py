"""Ask for known weaknesses of the packages the portal needs, where advisories can be reached."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print the weaknesses found, or that nobody could be asked."""
    command = [
        *[sys.executable, "-m", "pip_audit", "--format", "json", "--timeout", "5"],
        *["--progress-spinner", "off", "--disable-pip", "--require-hashes"],
        *["-r", str(ROOT / "requirements.txt")],
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        packages = []
    answered = [package for package in packages if "vulns" in package]
    if not answered:
        print("Not checked: no index of advisories can be reached from here.")
        return 0
    weak = [package for package in answered if package["vulns"]]
    for package in weak:
        names = ", ".join(weakness["id"] for weakness in package["vulns"])
        print(f"{package['name']} {package['version']}: {names}")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
