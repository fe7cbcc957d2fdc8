"""What no stranger should read in a report, blanked in its finished text.

Secrets that the home knows are the redactor's affair. Besides, whatever is named like a secret, and
the queries of addresses; and on demand the names of films, people and folders.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from movie_sync import log
from movie_sync.log import HIDDEN, Redactor
from movie_sync.models import State
from movie_sync.queue_load import Items
from movie_sync.settings import Config

SHORTEST_TITLE = 4  # a shorter one would blank half of every line

_QUERY = re.compile(r"(https?://[^\s\"'<>?#]+)[?#][^\s\"'<>]*")
_LOGIN = re.compile(r"(\w+://)[^\s/@\"'<>]+@")
_URL = re.compile(r"\w+://[^\s\"'<>]+")
_IN_PATH = re.compile(r"(?<=[/:])[^/\s\"']*[A-Za-z0-9_-]{16,}[^/\s\"']*")
_NAMED = re.compile(
    r"(?i)\b((?:api_?|pass|auth_?|access_?)key|passw(?:or)?d|secret|token|cookie)"
    r"(\"?\s*[=:]\s*\"?)[^\s\"'&,;]{4,}"
)
_RELEASE = re.compile(r"\b[\w'&!-]+(?:[._][\w'&!()+-]+){2,}")
_OF_A_RELEASE = re.compile(r"[._](?:(?:18|19|20)\d\d|\d{3,4}[pi])(?:[._]|$)")
_WORD = re.compile(r"\w+")
_YEAR = re.compile(r" \(\d{4}\)$")


class Hiding:
    """For one report.

    Args:
        items: whose names are hidden, with those of people and folders; None hides no names.
    """

    def __init__(self, redactor: Redactor, home: Path, now: Config, items: Items | None) -> None:
        self._redactor, self._anonymous = redactor, items is not None
        self._people: re.Pattern[str] | None = None
        self._named: list[tuple[str, set[str], str]] = []  # with its words, and what stands for it
        if items is not None:
            self._learn(home, now, items)

    def clean(self, text: str) -> str:
        text = self._redactor.clean(text)
        text = _LOGIN.sub(rf"\1{HIDDEN}@", text)
        text = _QUERY.sub(r"\1?...", text)
        text = _NAMED.sub(rf"\1\2{HIDDEN}", text)
        if self._anonymous:
            text = self._without_names(text)
        return "\n".join(line.translate(log.UNPRINTABLE) for line in text.split("\n"))

    def _learn(self, home: Path, now: Config, items: Items) -> None:
        people = {now.username, now.filelist.username, now.qbittorrent.username}
        people |= {Path.home().name, *now.letterboxd.users}
        if known := sorted(map(re.escape, people - {""}), key=len, reverse=True):
            self._people = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(known)})(?!\w)")
        named = {str(home): "[home]", str(Path.home()): "~"}
        films = [item for state in State for item in items[state].values()]
        for number, item in enumerate(films, 1):
            named |= dict.fromkeys(_names(item.title, item.id, item.data), f"[film {number}]")
        longest_first = sorted(named.items(), key=lambda each: len(each[0]), reverse=True)
        self._named = [
            (name, set(_WORD.findall(name)), stands_for)
            for name, stands_for in longest_first
            if len(name) >= SHORTEST_TITLE
        ]

    def _without_names(self, text: str) -> str:
        words = set(_WORD.findall(text))
        for name, of_name, stands_for in self._named:
            if of_name <= words and name in text:
                text = text.replace(name, stands_for)
        text = _RELEASE.sub(_as_release, text)
        return self._people.sub("[name]", text) if self._people else text


def without_paths(shown: str) -> str:
    """A setting whose addresses have lost what may be a key: hooks have theirs in the path."""
    return _URL.sub(lambda found: _IN_PATH.sub("...", _QUERY.sub(r"\1?...", found[0])), shown)


def _names(title: str, id_: str, data: dict[str, Any]) -> Iterator[str]:
    """Whatever a film may be called in a sentence."""
    yield from (id_, title, _YEAR.sub("", title))
    release = data.get("release")
    name = release.get("name") if isinstance(release, dict) else None
    for value in (data.get("path"), name, *(data.get(key) for key in ("slug", "imdb_id",
                  "original_title")), *data.get("also_called", ())):  # fmt: skip
        if isinstance(value, str):
            yield value


def _as_release(found: re.Match[str]) -> str:
    """What is dotted as a release is, with a year or the size of a picture in it."""
    return "[release]" if _OF_A_RELEASE.search(found[0]) else found[0]
