"""A life of the program in a soak: its real passes over simulated days, kills and hand wishes.

A kill is an image of the home as it is at that very moment, from which the next process begins;
the one before it can do nothing any more.
"""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from movie_sync import actions
from movie_sync.breaker import Breaker
from movie_sync.errors import MovieSyncError, QueueError
from movie_sync.films.asking import Rested
from movie_sync.films.follow import Patience, follow_downloads, left_over
from movie_sync.films.identity import LeftAlone
from movie_sync.films.items import film_of
from movie_sync.films.owned import Library
from movie_sync.films.search import search_next
from movie_sync.films.slots import want_versions
from movie_sync.films.story import Stories
from movie_sync.films.sync import Parts
from movie_sync.films.torrent_store import TorrentStore
from movie_sync.films.upgrades import look_for_better
from movie_sync.films.wanted import read_watchlists, watch_latest
from movie_sync.films.watchlists import Memory
from movie_sync.models import State
from movie_sync.queues import QueueManager
from movie_sync.retries import Retries
from movie_sync.settings import Profile
from tests import make
from tests.soak.client import Client, own_download
from tests.soak.films import INDEXERS, LISTS, Fate, Movie, make_films
from tests.soak.image import keep_image
from tests.soak.outside import (
    FACTS,
    Facts,
    Indexer,
    Killed,
    Source,
    Space,
    World,
    probe,
)

EVERY = timedelta(hours=12)
LOOKS = 3  # at the downloads after each round of searching
MANY = 1000  # films: then there is one round a day in place of three, with more at once
BETWEEN_LOOKS = timedelta(minutes=10)
KILLS = 0.15  # share of the rounds in which the process is killed
OWNED = 0.35  # share of the films that a person has already
PROFILE = Profile(min_mib_per_minute=0)
WISHES = ("retry", "skip", "remove", "restore", "block", "unblock", "grab", "alias")


class Life:
    """All that runs and is kept in one folder."""

    def __init__(self, folder: Path, films: int, days: int, seed: int, *, versions: bool) -> None:
        self.chance = random.Random(seed)
        self.now = make.NOON
        self.folder, self.seed, self.rounds = folder, seed, 1 if films > MANY else 3
        self.library_folder, self.home = folder / "library", folder / "home-0"
        for place in (self.library_folder, self.home, folder / "downloads"):
            place.mkdir()
        self.movies = make_films(films, days, self.now, self.chance)
        self.world = World(self.movies, folder / "downloads", self.chance, lambda: self.now)
        self.world.on_kill = self._keep_image
        self.client = Client(self.world)
        self.sources = [Source(self.world, name) for name in LISTS]
        self.owned: dict[Path, tuple[int, int, int]] = {}
        self.events: Counter[str] = Counter()
        self.lives = self.library_turns = 0
        self.ends_at = self.now + timedelta(days=days)
        self._versions = {"2160p": Profile(qualities=("2160p",), min_mib_per_minute=0)}
        if not versions:
            self._versions = {}
        self._furnish()
        self._begin()

    # What was there before

    def _furnish(self) -> None:
        self._own(self.library_folder / "Holidays 2019" / "beach.mkv", b"holidays")
        self._own(self.library_folder / "notes.txt", b"to see")
        for movie in self.movies:
            if self.chance.random() < OWNED:
                self._own_copy(movie)
            elif self.chance.random() < 0.05:
                self._own_subtitle(movie)
            for offer in movie.offers:
                if offer.fate is Fate.GOOD and self.chance.random() < 0.03:
                    own_download(self.world, offer)
            if self.chance.random() < 0.85:
                for name in self.chance.sample(LISTS, self.chance.choice((1, 1, 2))):
                    movie.lists[name] = self.now

    def _own_copy(self, movie: Movie) -> None:
        film = movie.facts
        movie.owned = self.library_folder / str(film) / f"{film.title} {film.year}.avi"
        self._own(movie.owned, f"a copy of film {movie.number}".encode())

    def _own_subtitle(self, movie: Movie) -> None:
        """Under the very name that one of ours may come by."""
        for label in ("1080p WEB-DL", "720p WEB-DL"):
            name = f"{movie.facts} [{label}].en.srt"
            self._own(self.library_folder / str(movie.facts) / name, b"better ones")

    def _own(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        status = path.stat()
        self.owned[path] = (status.st_ino, status.st_size, status.st_mtime_ns)

    # One process after the other

    def _begin(self) -> None:
        self.lives += 1
        self.memory = Memory(self.home / "watchlist.json")
        retries = Retries(chance=self.chance.random)
        self.queue = QueueManager(self.home, retries=retries, now=lambda: self.now, sync=self._sync)
        self.stories = Stories(self.folder / "stories")
        self.parts = Parts(
            queue=self.queue,
            library=self._library(),
            library_folder=self.library_folder,
            download_folder=self.folder / "downloads",
            facts=[LeftAlone(Facts(self.world), self._breaker(FACTS))],
            indexers=[Rested(Indexer(self.world, n), self._breaker(n)) for n in INDEXERS],
            client=self.client,
            torrents=TorrentStore(self.home / "torrents"),
            space=Space(self.world),
            profile=PROFILE,
            retries=retries,
            stories=self.stories,
            versions=self._versions,
            stalled_after=timedelta(minutes=25),
            probe=lambda path: probe(self.world, path),
            most_loading=600 if self.rounds == 1 else 200,
        )
        self.patience = Patience(left_over(self.queue))

    def _library(self) -> Library:
        done = [item for state in State for item in self.queue.iter(state) if "path" in item.data]
        library = Library(
            self.library_folder,
            known=bool(done),
            memory=self.folder / "library_names.json",
            clock=lambda: self.library_turns * 31.0,
        )
        for item in done:
            library.add(film_of(item), Path(item.data["path"]))
        return library

    def _breaker(self, name: str) -> Breaker:
        def clock() -> float:
            return self.now.timestamp()

        return Breaker(self.home, name, clock=clock)

    def _sync(self, descriptor: int) -> None:
        self.world.point()
        os.fdatasync(descriptor)
        self.world.point()

    def end_well(self) -> None:
        self.queue.close()
        self.events["restarts"] += 1

    def restart(self) -> None:
        self.end_well()
        self._begin()

    def _keep_image(self) -> None:
        keep_image(self.home, self.folder / f"home-{self.lives}")

    def _after_kill(self) -> None:
        self.events["kills"] += 1
        self.world.bury()
        with suppress(QueueError):
            self.queue.close()
        shutil.rmtree(self.home)
        self.home = self.folder / f"home-{self.lives}"
        self._begin()

    # A day

    def day(self) -> None:
        midnight = self.now + timedelta(days=1)
        if not self.world.calm:
            self._outside()
        for turn in range(self.rounds):
            self.library_turns += 1
            if not self.world.calm and self.chance.random() < KILLS:
                self.world.points_left = self.chance.randint(1, 120)
            self._run(self._monitor)
            if turn == 0:
                self._run(lambda: watch_latest(self.parts, self.now))
                self._run(lambda: look_for_better(self.parts, self.now))
                self._hand_wishes()
            self._run(self._search_all)
            for _ in range(LOOKS):
                self.now += BETWEEN_LOOKS
                self.client.advance()
                self._run(lambda: follow_downloads(self.parts, self.patience, self.now))
            self.now += timedelta(days=1) / (self.rounds + 1)
        self.world.points_left = None
        self.now = midnight
        if self.chance.random() < 0.05:
            self.restart()

    def calm_down(self) -> None:
        """From now on nothing goes wrong outside, and what is offered stays as it is."""
        self.world.calm = True
        self.world.down.clear()
        self.ends_at = self.now

    def _run(self, run_pass: Callable[[], object]) -> None:
        """As a worker would: what fails is tried again at its turn."""
        try:
            run_pass()
            self.events["passes"] += 1
        except MovieSyncError as error:
            self.events[f"passes that ended with {type(error).__name__}"] += 1
        except Killed:
            self._after_kill()

    def _monitor(self) -> None:
        self.world.named.clear()
        read_watchlists(self.sources, self.queue, self.memory, EVERY, self.now)
        for name, named in self.world.named.items():
            for movie in named:
                movie.told[name] = self.now
                movie.queued = True
        want_versions(self.queue, self._versions)

    def _search_all(self) -> None:
        while search_next(self.parts, self.now):
            self.events["searches"] += 1

    # What people do

    def _outside(self) -> None:
        chance = self.chance
        if chance.random() < 0.15:
            self.world.break_something()
        if chance.random() < 0.5:
            for movie in chance.sample(self.movies, min(4, len(self.movies))):
                self._change_lists(movie)
        if chance.random() < 0.1:
            self._bring_a_copy(chance.choice(self.movies))
        if chance.random() < 0.03:
            self.now -= timedelta(hours=2)
            self.events["clock set back"] += 1

    def _change_lists(self, movie: Movie) -> None:
        name = self.chance.choice(LISTS)
        if name in movie.lists:
            del movie.lists[name]
            self.events["left a list"] += 1
        else:
            movie.lists[name] = self.now
            self.events["came to a list"] += 1

    def _bring_a_copy(self, movie: Movie) -> None:
        """A person puts a film there that the program has not begun to load."""
        state, _ = self.queue.get(movie.id) or (None, None)
        if state in (None, State.PENDING, State.FAILED) and not movie.owned:
            folder = self.library_folder / str(movie.facts)
            if not folder.exists():
                self._own_copy(movie)
                self.events["copy brought by hand"] += 1

    def _hand_wishes(self) -> None:
        if self.world.calm or self.chance.random() < 0.4:
            return
        for movie in self.chance.sample(self.movies, min(3, len(self.movies))):
            wish = self.chance.choice(WISHES)
            self._run(lambda movie=movie, wish=wish: self._wish(movie, wish))

    def _wish(self, movie: Movie, wish: str) -> None:
        more: dict[str, Any] = {}
        if wish == "alias":
            more["title"] = f"Otherwise {movie.facts.title}"
        if wish == "grab":
            good = [offer for offer in movie.offers if offer.fate is Fate.GOOD]
            if not good:
                return
            more["release"] = f"{good[0].release.indexer}:{good[0].release.id}"
        request = {"do": wish, "id": movie.id, **more}
        # It may be done, and a kill come before we hear of it.
        before = (movie.skipped, movie.removed)
        movie.skipped |= wish == "skip"
        movie.removed |= wish == "remove"
        if wish == "unblock":  # what was bad may be taken once more
            movie.blame += len(movie.offers)
        try:
            answer = actions.perform(self.queue, self.memory, self.stories, request)
        except MovieSyncError:
            movie.skipped, movie.removed = before
            raise
        self.events[f"wish {wish}"] += 1
        movie.skipped = answer["state"] == State.FAILED and movie.skipped
        movie.removed = answer["state"] == State.REMOVED and movie.removed
