"""The examples of the history in the OpenAPI document; a test holds each to its shape."""

from typing import Any

NOW, DAY = "2026-11-20T18:00:00Z", "2026-11-20"
AT_S = 1_795_197_600
WORK: dict[str, Any] = {"title_id": 7, "kind": "show", "title": "Age of Youth", "year": 2016}
EPISODE = {"episode_id": 41, "season": 1, "episode": 2, "episode_title": "Pink"}
A_PLAY = {
    "id": 12, "key": "viki:1000002v:1", "source": "viki", **WORK, "poster": None,
    "watched_at": NOW, "at_s": AT_S, "local_day": DAY, "day_only": False, "zone": "Europe/Berlin",
    "noted_at": NOW, **EPISODE, "runtime_min": 64, "sync_id": 3,
}  # fmt: skip
TELLING = {
    "key": "viki:1000002v:1", "play_id": 12, "source": "viki", "told_id": "1000002v",
    "watched_at": NOW, "noted_at": NOW, "sync_id": 3,
}  # fmt: skip
BEGUN_WORK = {
    **WORK, "poster": None, "source": "viki", "at": NOW, "at_s": AT_S, "position_s": 1800,
    "duration_s": 3840, "credits_s": 3720, "episode_id": 42, "season": 1, "episode": 3,
}  # fmt: skip
PLAYS = {"plays": [A_PLAY], "next": f"{AT_S}.12"}
PLAY = {"play": A_PLAY, "tellings": [TELLING]}
DAYS = {"year": 2026, "month": 11, "days": [{"day": DAY, "plays": 1}]}
SHELF_ROW = {**WORK, "plays": 2, "episodes": 2, "last_at": NOW, "last_s": AT_S}
TITLES = {"titles": [SHELF_ROW], "next": None}
TITLE = {
    **WORK, "owned": False, "plays": [A_PLAY], "tellings": [TELLING],
    "seen": [{"title_id": 7, "episode_id": 41, "plays": 1, "first_at": NOW, "last_at": NOW,
              "season": 1, "episode": 2}],
    "ratings": [{"title_id": 7, "season": None, "episode_id": None, "source": "trakt",
                 "tenths": 9, "rated_at": NOW}],
    "wishes": [], "progress": [BEGUN_WORK],
}  # fmt: skip
PROGRESS = {"progress": [BEGUN_WORK], "next": None}
PROPOSAL = {
    "key": "trakt:109557", "kind": "show", "title": "Age of Youth", "year": 2016,
    "ids": {"trakt": "109557", "tmdb": "67061"}, "score": 0.81,
    "reasons": ["its name is one that it is also called", "12 episodes are 12 there"],
    "mapping": "episodes 1 on are season 1",
}  # fmt: skip
UNMATCHED = {
    "id": "36951c", "title": "Hello, My Twenties!", "also": ["Cheongchun Sidae"], "kind": "show",
    "country": "kr", "episodes": 12, "watched": 2, "begun": 1, "state": "review",
    "sentence": "it may be Age of Youth (2016): Viki calls it otherwise", "retry_at": None,
    "url": "https://www.viki.com/tv/36951c", "title_id": 7, "choices": [PROPOSAL],
}  # fmt: skip
QUESTION = {
    "id": 1, "work": "Signal (2016)", "sentence": "its ids are those of two titles", "plays": 4,
    "asked_at": NOW, "titles": [[7, "Signal", 2016], [9, "Signal", None]],
}  # fmt: skip
INBOX = {
    "unmatched": [UNMATCHED], "questions": [QUESTION], "states": {"review": 1, "matched": 40},
    "next": None,
}  # fmt: skip
MATCHED = {
    "container": UNMATCHED, "mapping": "",
    "answers": [
        {"id": 5, "state": "review", "confidence": 0.81, "made_by": "auto", "made_at": NOW,
         "sentence": "it may be Age of Youth (2016): Viki calls it otherwise", "mapping": "",
         "ids": {}}
    ],
}  # fmt: skip
SYNC = {
    "id": 3, "kind": "import", "provider": "trakt", "began_at": NOW, "ended_at": NOW,
    "state": "done", "counts": {"new": 4115, "known": 12, "left_out": 1},
    "options": {"source": "trakt"}, "problems": ["Nameless (1999): it has no TMDB id; left out"],
}  # fmt: skip
SYNCS = {"syncs": [SYNC], "next": None, "trouble": []}
IMPORTING = {
    "state": {
        "in_progress": True, "sync_id": 3, "step": "storing", "current_item": "Age of Youth (2016)",
        "completed": 1200, "total": 4127, "errors": [], "problem": None,
        "cancellation_requested": False, "cancelled": False,
    },
    "sync": {**SYNC, "state": "running", "ended_at": None}, "waits": True,
}  # fmt: skip
STATS = {
    "plays": 4115, "films": 812, "episodes": 2940, "shows": 97, "undated": 3,
    "by_source": {"trakt": 3900, "viki": 215}, "waiting": 4, "questions": 1, "unmatched": 2,
    "outbox": {"done": 215},
}  # fmt: skip
DONE = {
    "said": "Age of Youth (2016) 1x02 is taken out of the history, and stays out", "sync_id": None,
    "title_id": None,
}  # fmt: skip
BEGUN = {"said": "import 4 begins", "sync_id": 4, "title_id": None}
TOLD = {"title": "Parasite", "year": 2019, "ids": {"tmdb": "496243"}, "day": DAY}
TOLD_EPISODE = {**TOLD, "title": "Signal", "year": 2016, "season": 1, "episode": 2}
ON_DAY = {"day": DAY}
CHOICE = {"key": "trakt:109557"}
NAMED = {"provider": "trakt", "id": "109557", "kind": "show", "season": 1}
WHICH = {"title_id": 7}
LOOK = {"force": True}
TAKE_OVER = {"source": "trakt", "rate": "missing"}
