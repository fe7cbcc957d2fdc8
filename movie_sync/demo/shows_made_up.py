"""A catalogue of shows that nobody has made, in the form and with the gaps of the real one.

The same number and seed always give the same catalogue, and each show is the same whatever others
there are. Shares of types, languages and missing facts are about those of the real one.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

GAPS = 0.08  # of ids whose show was deleted
FIRST_UPDATE_S, UPDATES_S = 1_600_000_000, 160_000_000
FIRST_DAY, DAYS = date(1950, 1, 1), 27_700

TYPES = {
    "Scripted": 42, "Reality": 14, "Documentary": 13, "Animation": 10, "Talk Show": 6,
    "Variety": 4, "Game Show": 4, "News": 3, "Sports": 2, "Panel Show": 1, "Award Show": 1,
}  # fmt: skip
LANGUAGES = {
    "English": 47, "Chinese": 8, "Japanese": 7, "Korean": 6, "German": 4, "French": 4,
    "Spanish": 4, "Dutch": 2, "Swedish": 2, "Russian": 2, "Norwegian": 1, None: 13,
}  # fmt: skip
STATUSES = {"Ended": 62, "Running": 20, "To Be Determined": 15, "In Development": 3}
GENRES = (
    "Drama", "Comedy", "Crime", "Romance", "Thriller", "Action", "Adventure", "Fantasy",
    "Science-Fiction", "Family", "Children", "Anime", "History", "Horror", "Mystery", "Sports",
    "Food", "Music", "Medical", "Legal", "Western", "War", "Nature", "Travel", "DIY",
    "Espionage", "Supernatural",
)  # fmt: skip
NETWORKS = (
    ("HBO", "US"), ("NBC", "US"), ("BBC One", "GB"), ("ITV1", "GB"), ("CTV", "CA"), ("ABC", "AU"),
    ("tvN", "KR"), ("Fuji TV", "JP"), ("ZDF", "DE"), ("TF1", "FR"), ("NPO 1", "NL"),
)  # fmt: skip
STREAMERS = (
    ("Netflix", None), ("Prime Video", None), ("YouTube", None), ("iQIYI", "CN"), ("Hulu", "US"),
    ("BBC iPlayer", "GB"), ("Viki", "US"),
)  # fmt: skip
FIRST = "Silent Northern Paper Glass Winter Hidden Iron Golden Broken Distant Quiet Scarlet".split()  # noqa: SIM905
SECOND = "Harbour River Crown Garden Signal Island Ministry Letters Orchard Line House Echo".split()  # noqa: SIM905


def ids(count: int, seed: int = 7) -> Iterator[int]:
    """The ids of so many shows, with gaps."""
    chance, made, tvmaze_id = random.Random(seed), 0, 0
    while made < count:
        tvmaze_id += 1
        if chance.random() >= GAPS:
            made += 1
            yield tvmaze_id


def made_up(tvmaze_id: int, seed: int = 7) -> dict[str, Any]:
    """One show, as TVmaze would tell it."""
    chance = random.Random(seed << 32 | tvmaze_id)
    first, second = chance.choice(FIRST), chance.choice(SECOND)
    title = f"{first} {second}" if chance.random() < 0.5 else f"The {first} {second} {tvmaze_id}"
    streamed = chance.random() < 0.38
    status = _one_of(chance, STATUSES)
    day = FIRST_DAY + timedelta(int(DAYS * chance.random() ** 0.45))
    premiered = None if chance.random() < 0.04 else day.isoformat()
    return {
        "id": tvmaze_id,
        "url": f"https://www.tvmaze.com/shows/{tvmaze_id}/{title.lower().replace(' ', '-')}",
        "name": title,
        "type": _one_of(chance, TYPES),
        "language": _one_of(chance, LANGUAGES),
        "genres": chance.sample(GENRES, chance.choice((0, 0, 1, 1, 2, 3))),
        "status": status,
        **_minutes(chance, streamed=streamed),
        "premiered": premiered,
        "ended": premiered if status == "Ended" else None,
        "officialSite": None,
        "schedule": {"time": "", "days": []},
        "rating": {"average": round(chance.uniform(3, 9.5), 1) if chance.random() < 0.28 else None},
        "weight": chance.randint(0, 100),
        **_channels(chance, streamed=streamed),
        "dvdCountry": None,
        "externals": {
            "tvrage": None,
            "thetvdb": 100_000 + tvmaze_id if chance.random() < 0.62 else None,
            "imdb": f"tt{tvmaze_id:07}" if chance.random() < 0.55 else None,
        },
        "image": None,
        "summary": f"<p>{'What happened, and to whom. ' * chance.randint(2, 20)}</p>",
        "updated": FIRST_UPDATE_S + chance.randint(0, UPDATES_S),
        "_links": {"self": {"href": f"https://api.tvmaze.com/shows/{tvmaze_id}"}},
    }


def _minutes(chance: random.Random, *, streamed: bool) -> dict[str, int | None]:
    runtime = chance.choice((10, 15, 22, 30, 45, 60, 90))
    return {
        "runtime": None if streamed and chance.random() < 0.6 else runtime,
        "averageRuntime": chance.choice((10, 22, 30, 45, 60, None)),
    }


def _channels(chance: random.Random, *, streamed: bool) -> dict[str, Any]:
    name, code = chance.choice(STREAMERS if streamed else NETWORKS)
    country = {"name": code, "code": code, "timezone": "UTC"} if code else None
    number = chance.randint(1, 2500)
    channel = {"id": number, "name": name, "country": country, "officialSite": None}
    return {
        "network": None if streamed else channel,
        "webChannel": channel if streamed else None,
    }


def _one_of(chance: random.Random, shares: dict[Any, int]) -> Any:
    return chance.choices(tuple(shares), tuple(shares.values()))[0]
