"""How fast the library answers: 1,000 wanted films against 10,000 files, and a second start.

Run as `python -m benchmarks.library_index` from the top folder; prints one line.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from movie_sync.films.owned import Library
from movie_sync.models import Film

FILES = 10_000
WANTED = 1_000
WORDS = "Night River Glass Iron Winter Garden Silent Paper Crown Harbour Echo Summer".split()  # noqa: SIM905


def title(number: int) -> str:
    first, second = WORDS[number % 12], WORDS[number // 12 % 12]
    return f"{first} {second} {number}"


def fill(folder: Path) -> None:
    """Half as we place films, half as releases are named."""
    for number in range(FILES):
        year = 1930 + number % 95
        if number % 2:
            name = f"{title(number)} ({year})"
            path = folder / name / f"{name} [1080p BluRay].mkv"
        else:
            name = f"{title(number).replace(' ', '.')}.{year}.1080p.BluRay.x264-GRP"
            path = folder / name / f"{name}.mkv"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"film")
        os.utime(path.parent, (0, 0))  # as on an ordinary day: nothing changed within seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder, memory = Path(temporary, "films"), Path(temporary, "library_names.json")
        fill(folder)
        # Every other one is there, and every fourth of those is known a year apart.
        films = [
            Film(
                key=f"imdb:tt{n:07}",
                title=title(n if n % 2 else FILES + n),
                year=1930 + n % 95 + (n % 8 == 1),
                imdb_id=f"tt{n:07}",
            )
            for n in range(WANTED)
        ]
        library = Library(folder, memory=memory)
        first_s = _seconds(library.refresh)
        lookups_s = _seconds(lambda: [library.find(film) for film in films])
        again_s = _seconds(lambda: [library.find(film) for film in films])
        library.refresh()
        refresh_s = _seconds(library.refresh)
        found = sum(library.find(film) is not None for film in films)
        second_s = _seconds(Library(folder, memory=memory).refresh)
    print(
        f"library of {FILES:,} files: first reading {first_s:.2f} s, second start {second_s:.2f} s;"
        f" {WANTED:,} films looked up in {lookups_s * 1000:.1f} ms ({found} there),"
        f" again in {again_s * 1000:.1f} ms; refresh {refresh_s * 1000:.0f} ms"
    )


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
