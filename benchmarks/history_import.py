"""A Trakt history is imported: what 100,000 plays cost, and what they cost a second time.

`python -m benchmarks.history_import` reads them from a Trakt of this process on loopback, by pages
of 250, in a process of its own. Its waiting for Trakt's pace takes no time here.
"""

import json
import subprocess
import sys
import tempfile
import time
from typing import Any

PLAYS = 100_000


def main() -> None:
    """Print each figure with its budget."""
    from movie_sync.demo.trakt_site import TraktSite
    from tests.history.watchers import fill

    site = TraktSite(clock=time.time)
    fill(site, PLAYS)
    with site, tempfile.TemporaryDirectory() as home:
        first = _imported(home, site)
        pages = len(site.asked("/sync/history"))
        again = _imported(home, site)
    for name, value, budget in (
        (f"{PLAYS:,} plays imported: pages", pages, f"exactly {PLAYS // 250}"),
        ("  seconds of CPU", first["cpu_s"], "at most 60 s"),
        ("  MiB at most", first["most_mib"], "at most 150"),
        ("once more: seconds of CPU", again["cpu_s"], "at most 60 s"),
        ("  plays that are new", again["counts"].get("new", 0), "none"),
    ):
        shown = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
        print(f"{name:<48} {shown:>10}      {budget}")


def _imported(home: str, site: Any) -> dict[str, Any]:
    token = site.gate.grant()["access_token"]
    command = [sys.executable, "-m", "tests.history.importer", home, site.url, token, "again"]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
