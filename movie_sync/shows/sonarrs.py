"""The Sonarrs that shows go to, and which show goes where and how. Asks nothing by itself.

The one thing to know: where a show goes is read from the settings as they are now, each time, and
kept with no show; so that whoever corrects a folder or a profile need not do it twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from movie_sync.breaker import Breaker
from movie_sync.giving import SeriesWish
from movie_sync.models import Show
from movie_sync.services import ShowTarget
from movie_sync.shows.rows import StateRow
from movie_sync.shows.rules import Rules
from movie_sync.shows.statements import APPROVED
from movie_sync.shows_settings import DEFAULT_SONARR, Selection, Shows, Sonarr, Target, target

DAILY = frozenset(("Talk Show", "News", "Panel Show", "Sports"))  # types at TVMaze
AUTO = "auto"


class Instance(NamedTuple):
    """One Sonarr that is switched on."""

    section: Sonarr
    service: ShowTarget
    breaker: Breaker


class Place(NamedTuple):
    """Where one show goes, and how."""

    name: str  # of the instance
    instance: Instance
    wish: SeriesWish


@dataclass(frozen=True)
class Sonarrs:
    """All of them, as the settings are now."""

    shows: Shows
    rules: Rules
    instances: Mapping[str, Instance]
    seen: set[str] = field(default_factory=set)  # whose library was read in this cycle

    @property
    def dry_run(self) -> bool:
        return self.shows.dry_run

    def is_default(self, name: str) -> bool:
        """Whether it need not be named: it is called "main", or is the only one."""
        return name == DEFAULT_SONARR or len(self.instances) == 1

    def instance_of(self, row: StateRow) -> str | None:
        """The instance that a show goes to; None where there is none any more."""
        goes = self._target(row.rule, row.code)
        return goes.instance if goes else None

    def place(self, show: Show, row: StateRow) -> Place | None:
        """Where a show goes, and how; None as for `instance_of`, or without a TVDB id."""
        return self._place(show, self._target(row.rule, row.code))

    def _place(self, show: Show, goes: Target | None) -> Place | None:
        if goes is None or show.tvdb_id is None:
            return None
        instance = self.instances[goes.instance]
        wish = SeriesWish(
            title=show.title,
            tvdb_id=show.tvdb_id,
            root_folder=goes.root_folder,
            quality_profile=goes.quality_profile,
            language_profile=instance.section.language_profile,
            tags=goes.tags,
            monitor=goes.monitor,
            series_type=series_type(show) if goes.series_type == AUTO else goes.series_type,
            season_folder=instance.section.season_folder,
            search=goes.search_on_add,
        )
        return Place(goes.instance, instance, wish)

    def require(self) -> dict[str, str]:
        """Have each selection's folder, profiles and version looked at, as before the first show
        is added; says by selection what each Sonarr is.

        Raises:
            ConfigError: one is not there; it says what is.
            ServiceError: a Sonarr is out of reach.
        """
        told = {}
        for rule, place in self._trials():
            service = place.instance.service
            told[rule] = place.instance.breaker.call(service.check, at_once=True)
            service.require(place.wish)
        return told

    def wishes(self, name: str) -> list[SeriesWish]:
        """What the selections would ask of this instance, for one show each."""
        return [place.wish for _, place in self._trials() if place.name == name]

    def _trials(self) -> Iterator[tuple[str, Place]]:
        for rule in self.rules.selections:
            trial = Show(tvmaze_id=0, title=rule.name, url="", updated_s=0, tvdb_id=1)
            if place := self._place(trial, self._target(rule.name)):
                yield rule.name, place

    def _target(self, rule: str, code: str = "") -> Target | None:
        """Of a show that a person approved though no selection takes it: as of one that asks
        nothing."""
        selection = self.rules.selection(rule) or (Selection() if code == APPROVED else None)
        return target(selection, self._sections) if selection else None

    @cached_property
    def _sections(self) -> dict[str, Sonarr]:
        return {name: one.section for name, one in self.instances.items()}


def series_type(show: Show) -> str:
    """How Sonarr numbers its episodes: by season, by day, or through all seasons."""
    animated = show.type == "Animation"
    if animated and ("Anime" in show.genres or show.language == "Japanese"):
        return "anime"
    return "daily" if show.type in DAILY else "standard"
