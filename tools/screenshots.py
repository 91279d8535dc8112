"""Photograph pages of a running portal and let axe look at them.

    python tools/screenshots.py /de/ /de/clusters/ --out var/shots

takes each path at 1280 and 390 pixels, light and dark, writes one PNG each into the folder
``--out`` and ``report.json`` beside them, and prints what is wrong: accessibility rules broken
(WCAG 2.2 AA and best practice), console messages, requests to other hosts, answers of 400 and
above, horizontal scrolling (at 320 pixels, too). Exit code 1 when anything is wrong.

    --base http://127.0.0.1:8000   where the portal runs
    --user staff@portal.example    sign in first, with the password in --password or $DEMO_PASSWORD
    --widths 1280 390              --themes light dark
    --no-js                        with JavaScript off (axe is left out: it is a script)
    --no-axe                       pictures only
    --allow 404                    an answer that is wanted here; may be repeated
    --chromium /usr/bin/chromium   the browser
"""

import argparse
import json
import os
import sys
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    sync_playwright,
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320


def sign_in(browser: Browser, options: argparse.Namespace) -> Any:
    """Return the cookies of ``--user``, or nothing for a visitor."""
    if not options.user:
        return None
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{options.base}/de/account/login/")
    page.fill("input[name=login]", options.user)
    page.fill("input[name=password]", options.password)
    page.locator("form:has(input[name=login]) button[type=submit]").first.click()
    page.wait_for_load_state()
    if "/login" in urlsplit(page.url).path:
        sys.exit(f"Signing in as {options.user} failed.")
    state = context.storage_state()
    context.close()
    return state


def watch(page: Page, host: str, allowed: set[int], problems: list[str]) -> None:
    """Collect what a page says and asks for while it loads."""

    def console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            problems.append(f"console: {message.text}")

    def script(error: Error) -> None:
        problems.append(f"script: {error}")

    def request(r: Request) -> None:
        if r.url.startswith("http") and urlsplit(r.url).netloc != host:
            problems.append(f"foreign: {r.url}")

    def response(r: Response) -> None:
        if r.status >= 400 and r.status not in allowed:
            problems.append(f"answer {r.status}: {r.url}")

    page.on("console", console)
    page.on("pageerror", script)
    page.on("request", request)
    page.on("response", response)


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


def check_rules(page: Page) -> list[str]:
    """Return the rules axe finds broken, each with the first elements."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    return [
        f"axe {v['id']} ({len(v['nodes'])}): {v['help']} | "
        + " | ".join(str(node["html"])[:160] for node in v["nodes"][:3])
        for v in found.response["violations"]
    ]


def shoot(context: BrowserContext, path: str, file: Path, options: argparse.Namespace) -> list[str]:
    """Open one path, take its picture, return its problems."""
    problems: list[str] = []
    page = context.new_page()
    watch(page, urlsplit(options.base).netloc, set(options.allow), problems)
    page.goto(options.base + path, wait_until="load")
    page.wait_for_timeout(150)
    if (wide := overflow(page)) > 0:
        problems.append(f"scrolls sideways by {wide} px")
    page.screenshot(path=file, full_page=True)
    # What axe itself makes the browser say is not the page's fault.
    found = list(problems)
    if not options.no_axe and not options.no_js:
        found += check_rules(page)
    page.close()
    return [p for p in found if not any(f"status of {code}" in p for code in options.allow)]


def narrow(browser: Browser, state: Any, path: str, options: argparse.Namespace) -> list[str]:
    """Return whether the page scrolls sideways on the narrowest window WCAG knows."""
    context = browser.new_context(storage_state=state, viewport={"width": NARROW, "height": 640})
    page = context.new_page()
    page.goto(options.base + path)
    wide = overflow(page)
    context.close()
    return [f"scrolls sideways by {wide} px at {NARROW} px"] if wide > 0 else []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--user", default="")
    parser.add_argument("--password", default=os.environ.get("DEMO_PASSWORD", ""))
    parser.add_argument("--widths", nargs="+", type=int, default=[1280, 390])
    parser.add_argument("--themes", nargs="+", default=["light", "dark"])
    parser.add_argument("--out", type=Path, default=Path("var/shots"))
    parser.add_argument("--no-js", action="store_true")
    parser.add_argument("--no-axe", action="store_true")
    parser.add_argument("--allow", action="append", type=int, default=[])
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    options.base = options.base.rstrip("/")
    options.out.mkdir(parents=True, exist_ok=True)
    report: dict[str, list[str]] = {}
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=options.chromium, args=FLAGS)
        state = sign_in(browser, options)
        for width, theme in product(options.widths, options.themes):
            context = browser.new_context(
                storage_state=state,
                viewport={"width": width, "height": 900},
                color_scheme=theme,
                java_script_enabled=not options.no_js,
            )
            for path in options.paths:
                stem = "".join(c if c.isalnum() else "-" for c in path).strip("-") or "root"
                name = f"{stem}-{width}-{theme}{'-nojs' if options.no_js else ''}.png"
                report[name] = shoot(context, path, options.out / name, options)
            context.close()
        for path in options.paths:
            report[f"{path} at {NARROW}"] = narrow(browser, state, path, options)
        browser.close()
    (options.out / "report.json").write_text(json.dumps(report, indent=1))
    for name, problems in report.items():
        print(f"{'FAIL' if problems else 'ok  '} {name}", *problems, sep="\n     ")
    return 1 if any(report.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
