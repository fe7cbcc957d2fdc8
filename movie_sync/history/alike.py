"""Which name of a candidate is like which name of a container, and how much. Pure.

The one thing to know: the same letters in the work's own script say most; words in common are
enough to show it to a person, and never to be sure.
"""

from collections.abc import Sequence

from msgspec import Struct

from movie_sync.history.match_models import Candidate, Tier, Viewed
from movie_sync.history.names import Name, folded, likeness, names, sound
from movie_sync.history.season_splits import Reading, readings

NEAREST = 0.25  # fewer words in common are nothing


class Known(Struct, frozen=True):
    """A container, read once for all candidates."""

    viewed: Viewed
    readings: tuple[Reading, ...]
    sounds: frozenset[str]


class Likeness(Struct, frozen=True):
    """Which name of a candidate is like which of the container's."""

    tier: Tier
    theirs: Name | None = None
    mine: Name | None = None
    share: float = 1.0  # of the words, where they are only near
    main: bool = True  # the candidate's own title or original title

    @property
    def short(self) -> bool:
        return self.mine is not None and self.mine.short


def known(viewed: Viewed) -> Known:
    told = names((*viewed.phonetic, *viewed.also, viewed.title))
    sounds = frozenset(filter(None, map(sound, told)))
    return Known(viewed, readings(viewed), sounds)


def likest(
    known: Known, reading: Reading, candidate: Candidate, theirs: Sequence[Name]
) -> Likeness:
    own = names((candidate.title, candidate.original_title))
    main = {one.exact for one in own}
    mine = {one.exact: one for one in reading.names}
    best = Likeness(Tier.NONE)
    for one in theirs:
        if one.exact in mine:
            tier = _tier(reading, one, own)
            if tier > best.tier:
                best = Likeness(tier, one, mine[one.exact], main=one.exact in main)
    if best.tier:
        return best
    return _loosely_likest(known, reading, theirs, main)


def _tier(reading: Reading, one: Name, own: Sequence[Name]) -> Tier:
    """Of a name that both have."""
    if one.native and any(one.exact == mine.exact for mine in reading.own):
        return Tier.NATIVE
    first = reading.names[0]
    if one.exact == first.exact and one.exact in {each.exact for each in own}:
        return Tier.ENGLISH
    return Tier.ALIAS


def _loosely_likest(
    known: Known, reading: Reading, theirs: Sequence[Name], main: set[str]
) -> Likeness:
    mine = {folded(one): one for one in reading.names if not one.native}
    best = Likeness(Tier.NONE, share=NEAREST)
    for one in theirs:
        if one.native:
            continue
        if found := mine.get(folded(one)):
            return Likeness(Tier.FOLDED, one, found, main=one.exact in main)
        if reading.season is None and sound(one) in known.sounds and best.tier < Tier.ROMANISED:
            best = Likeness(Tier.ROMANISED, one, reading.names[0], main=one.exact in main)
        if best.tier <= Tier.NEAR:
            share, like = max(
                ((likeness(each, one), each) for each in mine.values()),
                key=lambda pair: pair[0],
                default=(0.0, None),
            )
            if share > best.share:
                best = Likeness(Tier.NEAR, one, like, share, one.exact in main)
    return best
