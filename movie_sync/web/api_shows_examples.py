"""The examples of shows in the OpenAPI document; a test holds each to its shape."""

NOW = "2026-11-20T18:00:00Z"
CREDIT = "Data from TVmaze (https://www.tvmaze.com), licensed CC BY-SA"
TITLE, WHY_NOT = "Game of Thrones", "Korean: its language is English, not Korean"
ROW = {
    "tvmaze_id": 82, "title": TITLE, "url": "https://www.tvmaze.com/shows/82/game-of-thrones",
    "state": "filtered", "rule": "Korean", "code": "language", "sentence": WHY_NOT,
    "tvdb_id": 121361, "imdb_id": "tt0944947", "type": "Scripted", "language": "English",
    "genres": ["Drama", "Adventure", "Fantasy"], "status": "Ended", "runtime_min": 60,
    "premiered_on": "2011-04-17", "ended_on": "2019-05-19", "rating": 8.9, "network": "HBO",
    "web_channel": None, "country": "US", "sonarr": None, "series_id": None, "added_at": None,
    "changed_at": NOW,
}  # fmt: skip
SHOWS = {
    "shows": [ROW], "total": 1, "page": 1, "pages": 1, "per_page": 50, "attribution": CREDIT,
}  # fmt: skip
ANSWERS = [
    {"rule": "exclude", "takes": True, "reasons": []},
    {"rule": "Korean", "takes": False, "reasons": ["its language is English, not Korean"]},
]
COMPARED = {"is": "English", "wanted": ["Korean"]}
SHOW = {
    "show": ROW, "compared": COMPARED, "pending_since": None, "now": WHY_NOT, "answers": ANSWERS,
    "wishes": ["add", "approve", "reject", "exclude"], "attribution": CREDIT,
}  # fmt: skip
WHY = {
    "tvmaze_id": 82, "title": TITLE, "state": "filtered", "rule": "Korean", "code": "language",
    "sentence": WHY_NOT, "compared": COMPARED, "now": WHY_NOT, "answers": ANSWERS,
}  # fmt: skip
SUMMARY = {
    "total": 80_000, "counts": {"pending": 12, "filtered": 79_980, "review": 8},
    "reasons": {"language": 60_000, "type": 19_980},
    "would_add": [{"rule": "Korean", "count": 12, "examples": ["Signal (2016)"]}],
    "dry_run": True, "max_adds_per_cycle": 20, "max_adds_per_day": 50, "complete": True,
    "page": 347, "running": False,
    "cycle": {"began_at": NOW, "ended_at": NOW, "sentence": "nothing new", "requests": 1},
    "next_at": "2026-11-21T00:00:00Z", "problem": None, "troubles": [], "notices": [],
    "sonarrs": [{"name": "main", "url": "http://127.0.0.1:8989"}], "attribution": CREDIT,
}  # fmt: skip
ASKING = {
    "selections": [
        {"name": "Korean", "languages": ["Korean"], "premiered": {"after": "2015-01-01"}}
    ]
}
TRIED = {
    "shows": 80_000, "counts": {"filtered": 79_500, "pending": 500},
    "reasons": {"language": 70_000, "premiered": 9_500}, "selections": {"Korean": 500},
    "passing": 488, "leaving": 0, "examples": {"Korean": ["Signal"]}, "problems": [],
}  # fmt: skip
BEGUN = {"begun": True, "said": "the catalogue is being read"}
LISTED = [{"title": "Signal", "tvdbId": 301824}]
DONE = {
    "tvmaze_id": 82, "title": TITLE, "state": "pending",
    "said": f"{TITLE} is approved; it is added once the dry run is switched off",
}  # fmt: skip
