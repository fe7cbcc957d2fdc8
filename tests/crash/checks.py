"""Every crash check by its name, a little of it or at length."""

import argparse
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.crash import asides, company, failing, lives, mutants, power, recording, replay
from tests.crash.lives import Tally
from tests.crash.promises import Fault

Options = argparse.Namespace  # short, operations, seed


class NotTried(Exception):
    """This machine cannot do it; the message says why."""


def kill(options: Options, *, threads: int) -> Tally:
    operations = 2000 if options.short else options.operations // 2
    seed = (options.seed * 10 + threads) * 10_000
    return lives.kill_often(seed=seed, operations=operations, threads=threads)


def replayed(options: Options, *, scene: str) -> Tally:
    _only_where(recording.available())
    scenes = replay.rounds(scene, seed=options.seed, count=1 if options.short else 6)
    return replay.replay_often(scenes)


def put_aside(options: Options) -> Tally:
    _only_where(recording.available())
    return asides.replay_asides(seed=options.seed, count=5)


def failing_disks(options: Options) -> Tally:
    _only_where(recording.available())
    tally = Tally()
    for seed in range(options.seed, options.seed + (1 if options.short else 4)):
        for inject, names in failing.INJECTED:
            for dies in (True,) if options.short else (True, False):
                tally += failing.injected(inject, names, seed=seed, dies=dies)
                if tally.faults:
                    return tally
        tally += failing.limited(seed=seed, steps=400, dies=True)
    return tally


def full_disk(options: Options) -> Tally:
    _only_where(failing.no_small_disk())
    tally = Tally()
    for seed in range(options.seed, options.seed + (1 if options.short else 8)):
        tally += failing.full(seed=seed, steps=1000)
    return tally


def power_cuts(options: Options, *, kind: str) -> Tally:
    _only_where(power.unavailable(kind))
    cuts = 2 if options.short else 24
    return power.cut_often(kind, seed=options.seed * 1000, cuts=cuts, threads=2)


def in_company(options: Options) -> Tally:
    if shutil.which("jq") is None:
        raise NotTried("jq is not installed: nobody has read the files meanwhile")
    return company.together(seed=options.seed, lives=3 if options.short else 20)


def faults_put_in(options: Options) -> Tally:
    _only_where(recording.available())
    with tempfile.TemporaryDirectory() as folder:
        left = mutants.survivors(mutants.MUTANTS, Path(folder), seed=options.seed)
    caught = len(mutants.MUTANTS) - len(left)
    return Tally(Counter({"mutants caught": caught}), [Fault("survived", one) for one in left])


def _only_where(unavailable: str | None) -> None:
    if unavailable:
        raise NotTried(unavailable)


CHECKS: dict[str, Callable[[Options], Tally]] = {
    "mutants": faults_put_in,
    "kill": partial(kill, threads=1),
    "kill-threads": partial(kill, threads=8),
    **{scene: partial(replayed, scene=scene) for scene in replay.SCENES},
    "asides": put_aside,
    "failing": failing_disks,
    "full-disk": full_disk,
    **{f"power-{kind}": partial(power_cuts, kind=kind) for kind in power.MAKE},
    "company": in_company,
}


def checked(name: str, options: Options) -> tuple[Tally, str]:
    """What one check found, and how that is told."""
    begun = time.monotonic()
    try:
        tally = CHECKS[name](options)
    except NotTried as error:
        return Tally(), f"{name}: NOT TRIED: {error}"
    counts = ", ".join(f"{count:,} {what}" for what, count in sorted(tally.counts.items()))
    return tally, f"{name}: {counts}; {time.monotonic() - begun:.0f} s"
