"""What a file is: which film, or which episodes of which show. Pure.

`decide` weighs what is told of one file and looks it up in a catalogue; what the world has to be
asked first comes back as a question, and the same call is repeated once it is answered. The one
thing to know: when in doubt a person is asked, for a wrong answer spoils a library, and a question
costs a minute. How and why is told in docs/identification.md.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import structs

from movie_sync.library import by_ids, by_names
from movie_sync.library.by_names import Choice, Doubt
from movie_sync.library.candidates import guesses
from movie_sync.library.catalogue import Catalogue, Unasked
from movie_sync.library.placing import Place, agrees_by_title, place
from movie_sync.library.verdicts import (
    Ask,
    Known,
    Reason,
    Rule,
    Sure,
    Unsure,
    Verdict,
    changed,
)
from movie_sync.library.weighing import Claim, claims, first, numbers
from movie_sync.library_models import Kind, Match, Teller, Told

BY_EPISODE_TITLE, BY_EPISODE = 0.95, 0.88  # how sure, among namesakes
MOST_NAMESAKES = 6  # whose episodes are looked at
MOST_KEPT = 5000  # titles decided, for the other files of the same show

Holds = Literal["films", "shows", "both"]


def decide(
    tellings: Sequence[Told],
    catalogue: Catalogue,
    *,
    holds: Holds = "both",
    rule: Rule | None = None,
) -> Verdict:
    """What the file is.

    Args:
        holds: what may be found where it lies.
        rule: what a person has settled for its folder.
    """
    return Identifier(catalogue).decide(tellings, holds=holds, rule=rule)


def confirm(own: Known, world: Catalogue) -> Known | Ask | None:
    """What the world has for a title that we have by its name alone; None where that is not sure.

    It stays ours, with its files and its number; it only gets its ids.
    """
    claim = Claim(by=Teller.FOLDER, titles=own.titles, year=own.year, own_year=own.year is not None)
    try:
        said = by_names.settle([claim], own.kind, world)
    except Unasked as unasked:
        return Ask(unasked.question)
    return changed(said.known, title_id=own.title_id) if isinstance(said, Choice) else None


class Identifier:
    """Decides one file after the other, and each title but once. Not for several threads.

    It keeps what it has decided, so it lives as long as the catalogue says the same.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._decided: dict[tuple[Kind, tuple[Claim, ...]], Choice | Doubt] = {}

    def decide(
        self, tellings: Sequence[Told], *, holds: Holds = "both", rule: Rule | None = None
    ) -> Verdict:
        try:
            return self._decide(tellings, holds, rule)
        except Unasked as unasked:
            return Ask(unasked.question)

    def decide_together(
        self, files: Sequence[Sequence[Told]], *, holds: Holds = "both", rule: Rule | None = None
    ) -> list[Verdict]:
        """What the files of one folder are: where one of them can only be of one of two shows, so
        are the others."""
        found = [self.decide(tellings, holds=holds, rule=rule) for tellings in files]
        shows = {one.known.identity: one for one in found if isinstance(one, Sure)}
        for at, one in enumerate(found):
            if isinstance(one, Unsure) and one.reason is Reason.NAMESAKES:
                meant = [shows[each.known.identity] for each in one.guesses
                         if each.known.identity in shows]  # fmt: skip
                if len(meant) == 1 and meant[0].known.kind is Kind.SHOW:
                    match = structs.replace(meant[0].match, confidence=BY_EPISODE)
                    found[at] = self._placed(Choice(meant[0].known, match), files[at])
        return found

    def _decide(self, tellings: Sequence[Told], holds: Holds, rule: Rule | None) -> Verdict:
        if rule and rule.known:
            match = Match(by="folder", confidence=1.0, sentence=rule.sentence)
            return self._placed(Choice(rule.known, match), tellings)
        kind = _kind(tellings, holds)
        some = claims(tellings)
        if isinstance(kind, Doubt):
            return self._unsure(kind, some, Kind.SHOW)
        chosen = self._title(some, kind)
        if isinstance(chosen, Doubt) and chosen.reason is Reason.NAMESAKES and kind is Kind.SHOW:
            chosen = self._by_episodes(chosen, tellings)
        if isinstance(chosen, Doubt) and rule and rule.trusted:
            chosen = _trusted(chosen, some, kind, rule)
        if isinstance(chosen, Doubt):
            return self._unsure(chosen, some, kind)
        return self._placed(chosen, tellings)

    def _title(self, some: tuple[Claim, ...], kind: Kind) -> Choice | Doubt:
        known = self._decided.get((kind, some))
        if known is None:
            known = by_ids.settle(some, kind, self._catalogue)
            known = known or by_names.settle(some, kind, self._catalogue)
            if len(self._decided) >= MOST_KEPT:
                self._decided.clear()
            self._decided[kind, some] = known
        return known

    def _by_episodes(self, doubt: Doubt, tellings: Sequence[Told]) -> Choice | Doubt:
        """Of several shows of one title, the one that has the episode: of that title, or at all."""
        if len(doubt.meant) > MOST_NAMESAKES or numbers(tellings) is None:
            return doubt
        has: list[Known] = []
        named: list[Known] = []
        for show in doubt.meant:
            seasons = self._catalogue.seasons(show)
            if seasons is None:
                return doubt
            found = place(tellings, show, seasons)
            if found and found.listed:
                has.append(show)
                named += [show] if agrees_by_title(tellings, found, seasons) else []
        for some, sure, why in (
            (named, BY_EPISODE_TITLE, "has an episode of that title there"),
            (has, BY_EPISODE, "has such an episode"),
        ):
            if len(some) == 1:
                sentence = f"of {len(doubt.meant)} shows of that title only {some[0]} {why}"
                return Choice(some[0], Match(by="name", confidence=sure, sentence=sentence))
        return doubt

    def _placed(self, chosen: Choice, tellings: Sequence[Told]) -> Sure | Unsure:
        extra = _said(tellings, "extra")
        found: Place | None = Place()
        if chosen.known.kind is Kind.SHOW and extra is None:
            found = place(tellings, chosen.known, self._catalogue.seasons(chosen.known))
        if found is None:
            sentence = f"it is of {chosen.known}, and nothing says which episode it is"
            doubt = Doubt(Reason.WHICH_EPISODE, sentence, (chosen.known,))
            return self._unsure(doubt, claims(tellings), Kind.SHOW)
        part = first(tellings, "part")
        return Sure(
            known=chosen.known,
            match=chosen.match,
            season=found.season,
            episodes=found.episodes,
            aired_on=found.aired_on,
            edition=_said(tellings, "edition"),
            part=part if isinstance(part, int) else None,
            extra=extra,
            remark=found.remark or chosen.remark,
        )

    def _unsure(self, doubt: Doubt, some: Sequence[Claim], kind: Kind) -> Unsure:
        found = guesses(some, kind, self._catalogue, doubt.meant)
        return Unsure(reason=doubt.reason, sentence=doubt.sentence, guesses=found)


def _kind(tellings: Sequence[Told], holds: Holds) -> Kind | Doubt:
    """Of a film, or of a show: told, or by what its name is like."""
    said = {told.kind: told for told in reversed(tellings) if told.kind}
    counted = any(_counts(told) for told in tellings)
    kinds: Iterable[Kind] = said.keys() | ({Kind.SHOW} if counted else set())
    if len(set(kinds)) > 1:
        sentence = "some of what is told of it is of a film, and some of an episode"
        return Doubt(Reason.WRONG_KIND, sentence)
    kind = next(iter(kinds), Kind.SHOW if holds == "shows" else Kind.FILM)
    if holds == "films" and kind is Kind.SHOW:
        return Doubt(Reason.WRONG_KIND, "it is named as an episode, and lies among films")
    return kind


def _counts(told: Told) -> bool:
    return bool(told.episodes or told.absolute or told.aired_on or told.season is not None)


def _said(tellings: Sequence[Told], field: str) -> str | None:
    said = first(tellings, field)
    return said if isinstance(said, str) else None


def _trusted(doubt: Doubt, some: Sequence[Claim], kind: Kind, rule: Rule) -> Choice | Doubt:
    """By the name that it has, as a person wants all names there to be believed."""
    named = [claim for claim in some if claim.titles and claim.by is not Teller.NFO] or some
    leader = next((claim for claim in named if claim.titles), None)
    if leader is None:
        return doubt
    year = next((claim.year for claim in named if claim.year and claim.agrees(leader)), None)
    known = Known(kind=kind, title=leader.titles[0], year=year)
    match = Match(by="folder", confidence=by_names.OWN_NAME, sentence=rule.sentence)
    return Choice(known, match)
