"""Shows and films as Viki has them, made up: what `viki_site` tells of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

Answer = dict[str, Any]


@dataclass(frozen=True)
class MadeVideo:
    """`type` may be "episode", "movie", "clip" or "trailer"; a special has the number 0."""

    id: str
    number: int | None = 1
    type: str = "episode"
    duration_s: int = 3900
    credits_s: int | None = 3780
    part: int = 1
    air_at: datetime | None = None
    kept_back: tuple[str, ...] = ()  # "geo", "paywall", "upcoming"


@dataclass(frozen=True)
class MadeContainer:
    """Titles are by language, and so are the other titles."""

    id: str
    titles: Mapping[str, str]
    type: str = "series"
    other_titles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    phonetic: str = ""
    country: str = "kr"
    language: str = "ko"
    videos: tuple[MadeVideo, ...] = ()
    planned: int | None = None
    licensed_on: date | None = None
    on_air: bool = False

    @property
    def episodes(self) -> int:
        return sum(each.type == "episode" and (each.number or 0) > 0 for each in self.videos)


def series(
    number: int, english: str, *, episodes: int = 4, first_on: date, **changes: Any
) -> MadeContainer:
    """A show of Korea with an episode a week, each with its place of the credits."""
    first_at = datetime(first_on.year, first_on.month, first_on.day, 12, tzinfo=UTC)
    videos = (
        MadeVideo(f"{number}{n:03}v", n, air_at=first_at + timedelta(weeks=n - 1))
        for n in range(1, episodes + 1)
    )
    made: dict[str, Any] = {"id": f"{number}c", "titles": {"en": english}, "videos": tuple(videos)}
    made |= {"planned": episodes, "licensed_on": first_on}
    return MadeContainer(**made | changes)


def film(number: int, english: str, *, first_on: date, **changes: Any) -> MadeContainer:
    """A film is a container too, with itself as the one video."""
    itself = MadeVideo(f"{number}001v", 1, "movie", duration_s=6600, credits_s=6300)
    made: dict[str, Any] = {
        "id": f"{number}c",
        "titles": {"en": english},
        "type": "film",
        "videos": (itself,),
    }
    made |= {"planned": 1, "licensed_on": first_on}
    return MadeContainer(**made | changes)


def some() -> list[MadeContainer]:
    """A few of every kind."""
    with_all = series(
        90001, "Letters to Hwaseong", first_on=date(2025, 3, 8),
        titles={"en": "Letters to Hwaseong", "ko": "화성으로 보낸 편지", "ja": "華城への手紙"},
        other_titles={"en": ["Hwaseong Letters", "Hwaseongeuro Bonaen Pyeonji"]},
        phonetic="Hwaseongeuro Bonaen Pyeonji",
    )  # fmt: skip
    extras = (
        MadeVideo("90001900v", 0, duration_s=1800, credits_s=None),
        MadeVideo("90001901v", None, "clip", duration_s=120, credits_s=None),
        MadeVideo("90001902v", 1, "trailer", duration_s=60, credits_s=None),
        MadeVideo("90001005v", 5, duration_s=0, credits_s=None, kept_back=("upcoming",)),
    )
    return [
        MadeContainer(**{**vars(with_all), "videos": (*with_all.videos, *extras), "planned": 16}),
        series(
            90002, "The Paper Lantern 2", episodes=3, first_on=date(2024, 6, 1),
            titles={"en": "The Paper Lantern 2", "zh": "纸灯笼2", "zt": "紙燈籠2"},
            country="cn", language="zh",
        ),
        film(
            90003, "A Winter Without Snow", first_on=date(2022, 2, 4),
            titles={"ja": "雪のない冬"}, phonetic="Yuki no nai fuyu", country="jp", language="ja",
        ),
    ]  # fmt: skip


def container(made: MadeContainer) -> Answer:
    kept = {"licensed": True, "hosted": True, "on_air": made.on_air, "adult": False}
    since = [made.licensed_on.isoformat()] if made.licensed_on else []
    return {
        "id": made.id,
        "type": made.type,
        "subtype": "drama",
        "titles": dict(made.titles),
        "titles_aka": {language: list(names) for language, names in made.other_titles.items()},
        "titles_phonetic": {"en": made.phonetic},
        "descriptions": {"en": "Made up."},
        "origin": {"country": made.country, "language": made.language},
        "genres": ["18g"],
        "url": {"web": f"https://www.viki.com/tv/{made.id}"},
        "flags": kept,
        "review_stats": {"average_rating": 9.1, "count": 120},
        "planned_episodes": made.planned,
        "distributors": [{"name": "Made up", "from": each} for each in since],
        "subtitle_completions": {"en": 100},
    }


def video(made: MadeVideo, of: MadeContainer) -> Answer:
    told: Answer = {
        "id": made.id,
        "type": made.type,
        "duration": made.duration_s,
        "root_id": made.id,
        "container": {"id": of.id, "type": of.type, "titles": dict(of.titles)},
        "titles": {"en": f"Episode {made.number}"} if made.number else {},
        "origin": {"country": of.country, "language": of.language},
        "rating": "PG-13",
        "parts": [],
        "part_index": made.part,
        "blocked": bool(made.kept_back),
        "blocking": {why: why in made.kept_back for why in ("geo", "paywall", "upcoming")},
    }
    if made.number is not None:
        told["number"] = made.number
    if made.credits_s is not None:
        told["credits_marker"] = made.credits_s
    if made.air_at:
        told["viki_air_time"] = int(made.air_at.timestamp())
    return told


def find(containers: Iterable[MadeContainer], video_id: str) -> tuple[MadeContainer, MadeVideo]:
    """Raises KeyError: none of them has it."""
    for each in containers:
        for one in each.videos:
            if one.id == video_id:
                return each, one
    raise KeyError(video_id)
