"""Which film a person may have meant who typed a title that none has: "did you mean Memento?".

For a person to answer, never to act on: any measure of likeness takes a sequel or a namesake for
the film now and then. Pure.
"""

from collections.abc import Iterable
from difflib import SequenceMatcher

from movie_sync.models import Film
from movie_sync.title_keys import key, keys, words_of

LIKE = 0.9
WORDS_LIKE = 0.7  # "Sunrise" for "Sunset" is no slip of the pen
SHORTEST = 6  # of "Her", anything is a slip
MOST = 3


def suggest(title: str, year: int | None, films: Iterable[Film]) -> tuple[Film, ...]:
    """The films called nearly so, likest first, at most three; of that very year, if one is given.

    The same figures must be in both, and no word stand in place of another.
    """
    asked = _Asked(title)
    if len(asked.text) < SHORTEST:
        return ()
    found = [
        (max(asked.likeness(name) for name in film.titles), film)
        for film in films
        if year is None or film.year == year
    ]
    likest = sorted((each for each in found if each[0]), key=lambda each: -each[0])
    return tuple(film for _, film in likest[:MOST])


class _Asked:
    """A title to compare many with: `SequenceMatcher` prepares its second text once."""

    def __init__(self, title: str) -> None:
        self._words, self._figures = _words(title), _figures(title)
        self._keys = frozenset(keys(title))
        self.text = " ".join(self._words)
        # One letter wrong, or two in each other's place, is a slip in a short title too.
        length = max(len(self.text), SHORTEST)
        self._least = min(LIKE, (length - 1) / length)
        self._matcher = SequenceMatcher(b=self.text, autojunk=False)

    def likeness(self, title: str) -> float:
        """From 0 to 1; 0 where a guard speaks against it, or it is too little to count."""
        if not self._keys.isdisjoint(keys(title)):
            return 1.0
        others = _words(title)
        self._matcher.set_seq1(" ".join(others))
        # The first two are upper limits of the third, and cheaper.
        ratios = (self._matcher.real_quick_ratio, self._matcher.quick_ratio, self._matcher.ratio)
        if any(ratio() < self._least for ratio in ratios):
            return 0.0
        if _figures(title) != self._figures or self._swaps(others):
            return 0.0
        return self._matcher.ratio()

    def _swaps(self, others: list[str]) -> bool:
        if len(others) != len(self._words):
            return False
        pairs = zip(self._words, others, strict=True)
        return any(SequenceMatcher(None, *pair).ratio() < WORDS_LIKE for pair in pairs)


def _words(title: str) -> list[str]:
    """All but "the": hardly anybody types it."""
    return [word for word in words_of(title) if word != "the"]


def _figures(title: str) -> str:
    """The numbers in it, however they are written."""
    return "".join(char for char in key(title) if char.isdigit())
