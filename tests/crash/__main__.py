"""All crash checks at length, with their counts. `python -m tests.crash --operations 100000`

Ends with 1 if anything that was promised was lost, doubled or misplaced, if the program would not
start, or if a fault that was put in on purpose was not found. What cannot be tried here is named.
"""

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from tests.crash.checks import CHECKS, checked
from tests.crash.lives import Tally

KINDS = ("lost", "doubled", "misplaced", "torn", "not started")  # of faults
SURVIVED = "survived"  # of a fault that was put in and not found


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options().parse_args(arguments)
    names = options.only.split(",") if options.only else list(CHECKS)
    begun, total = time.monotonic(), Tally()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(checked, name, options) for name in names]):
            tally, told = done.result()
            total += tally
            say(told)
    for fault in total.faults:
        say(f"fault: {fault.kind}: {fault.sentence}")
    say(summary(total, time.monotonic() - begun))
    return 1 if total.faults else 0


def summary(total: Tally, took_s: float) -> str:
    counts, caught = total.counts, total.counts["mutants caught"]
    found = Counter(fault.kind for fault in total.faults)
    done = [
        f"{counts['acknowledged']:,} acknowledged operations",
        f"{counts['kills']:,} kills",
        f"{counts['power cuts']:,} power cuts",
        f"{counts['failures']:,} failed calls",
        f"{counts['states']:,} states replayed",
        *(f"{kind} {found[kind]}" for kind in KINDS),
        f"mutants caught {caught} of {caught + found[SURVIVED]}",
    ]
    return f"{', '.join(done)}; {took_s:.0f} s"


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    options.add_argument("--operations", type=int, default=100_000, help="acknowledged, and killed")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--short", action="store_true", help="a little of each")
    options.add_argument("--only", help=f"of {','.join(CHECKS)}")
    return options


if __name__ == "__main__":
    sys.exit(main())
