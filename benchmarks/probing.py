"""How fast media files are looked into: 1,000 real ones of several kinds, by two processes.

Run as `python -m benchmarks.probing` from the top folder; needs PyAV (extra media).
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from movie_sync.media_models import Media
from movie_sync.services.media import IDLE_S, Readers, installed

FILES = 1000
KINDS = {
    "small.mkv": {"video": "h264"},
    "small.mp4": {"video": "hevc"},
    "small.avi": {"video": "mpeg4"},
    "small.webm": {"video": "vp9"},
    "small.ts": {"video": "mpeg2video"},
    "1080p.mkv": {"video": "h264", "size": (1920, 1080), "seconds": 8.0},
}


def main() -> None:
    if not installed():
        print("PyAV is not installed: nothing is looked into")
        return
    with tempfile.TemporaryDirectory() as temporary:
        small, large = _fill(Path(temporary))
        with Readers(2) as readers:
            small_s = _seconds(lambda: _read(readers, small))
            large_s = _seconds(lambda: _read(readers, large))
            resident_mb = sum(_resident_kib(reader) for reader in readers.processes()) / 1024
            many = readers.alive()
        with Readers(2) as readers:
            first_s = _seconds(lambda: readers.read(small[0]))
    for name, value, budget in (
        (f"{len(small):,} small files by {many} processes: seconds", small_s, "at most 30 s"),
        (f"{len(large):,} files of 1080p: seconds", large_s, ""),
        ("the first file, with the start of a process: seconds", first_s, ""),
        (f"MB of these processes, which end after {IDLE_S:.0f} s", resident_mb, ""),
    ):
        print(f"{name:<56} {value:>8.2f}      {budget}")


def _fill(folder: Path) -> tuple[list[Path], list[Path]]:
    from tests.library import clips

    small, large = [], []
    for name, wishes in KINDS.items():
        made = clips.make(folder / name, **wishes)
        where, count = (large, FILES // 5) if name.startswith("1080p") else (small, FILES // 5)
        for number in range(count):
            where.append(Path(shutil.copy(made, folder / f"{number} {name}")))
    return small, large


def _read(readers: Readers, files: Sequence[Path]) -> None:
    def read(part: Sequence[Path]) -> None:
        for path in part:
            assert isinstance(readers.read(path), Media)

    threads = [threading.Thread(target=read, args=(files[each::2],)) for each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _resident_kib(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0])


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
