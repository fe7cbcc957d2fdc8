"""The examples of the library in the OpenAPI document; a test holds each to its shape."""

from movie_sync.views.library import CREDIT

NOW = "2026-11-20T18:00:00Z"
PATH = "/films/Parasite (2019)/Parasite (2019).mkv"
WHY = 'its name and year are those of "Parasite" (2019)'
MATCH_WHY = {"by": "name", "confidence": 0.98, "sentence": WHY}
ROW = {
    "id": 7, "kind": "film", "title": "Parasite", "year": 2019, "genres": ["Comedy", "Thriller"],
    "original_language": "ko", "runtime_min": 133, "premiered_on": "2019-05-30", "status": None,
    "rating": 8.5, "poster": "/7IiTTgloJzvGI1TAYymCfbfl3vT.jpg", "files": 1, "gone_files": 0,
    "broken_files": 0, "episodes_owned": 0, "size_bytes": 8_589_934_592, "lines": 2160,
    "hdr": "dolby_vision", "audio_languages": ["kor"], "plays": 0, "added_at": NOW,
    "facts_at": NOW, "episodes_aired": None,
}  # fmt: skip
PAGE = {"total": 1, "page": 1, "pages": 1, "per_page": 50}
TITLES = {"titles": [ROW], **PAGE, "credit": CREDIT}
FILE = {
    "id": 12, "path": PATH, "size_bytes": 8_589_934_592, "standing": "matched", "title_id": 7,
    "episode_ids": [], "match": MATCH_WHY, "by_hand": False, "edition": None, "version": None,
    "part": None, "extra": None, "probe": "done", "problem": None, "duration_ms": 7_980_000,
    "lines": 2160, "hdr": "dolby_vision",
    "media": {
        "container": "matroska", "duration_ms": 7_980_000,
        "pictures": [{"codec": "hevc", "width": 3840, "height": 1606, "hdr": "dolby_vision"}],
        "sounds": [{"codec": "eac3", "language": "kor", "channels": 6}],
        "texts": [{"codec": "subrip", "language": "eng"}],
    },
    "sightings": [
        {"source": "films", "kind": "folder", "uri": PATH, "path": PATH, "first_at": NOW,
         "problem": None, "deleted_at": None, "away_since": None}
    ],
    "sidecars": [], "markers": [], "plays": 0, "checksum": None, "discovered_at": NOW,
    "deleted_at": None,
}  # fmt: skip
FILES = {"files": [FILE], **PAGE}
TITLE = {
    "title": ROW, "links": [{"name": "TMDB", "url": "https://www.themoviedb.org/movie/496243"}],
    "ids": {"imdb": "tt6751668", "tmdb": "496243"}, "original_title": "Gisaengchung",
    "other_titles": ["Parasita"], "overview": "A family has a plan.", "tagline": None,
    "ended_on": None, "countries": ["KR"], "votes": 18_000, "backdrop": None, "collection": None,
    "beside": [], "cast": [{"person_tmdb_id": 20738, "name": "Song Kang-ho", "role": "Ki-taek"}],
    "crew": [{"person_tmdb_id": 21684, "name": "Bong Joon-ho", "role": "Director"}],
    "seasons": [], "files": [FILE], "extras": [],
    "history": [
        {"asset_id": 12, "file": "Parasite (2019).mkv", "sentence": WHY, "by": "name",
         "confidence": 0.98, "by_hand": False, "made_at": NOW, "undone_at": None,
         "choice_id": None}
    ],
    "merges": [], "reviews": [], "credit": CREDIT,
}  # fmt: skip
CANDIDATE = {
    "kind": "film", "title": "The Thing", "year": 1982, "ids": {"tmdb": "1091"}, "title_id": None,
    "poster": None, "score": 0.7, "why": "bears this title", "overview": None,
}  # fmt: skip
QUESTION = {
    "id": 3, "reason": "no_year", "sentence": "two films are called so, and no year is told",
    "folder": "/films/The Thing/", "count": 1,
    "files": [
        {"review_id": 3, "asset_id": 40, "path": "/films/The Thing/The Thing.mkv",
         "size_bytes": 4_294_967_296, "duration_ms": 6_540_000}
    ],
    "title_id": None, "asked_at": NOW, "candidates": [CANDIDATE],
}  # fmt: skip
INBOX = {"questions": [QUESTION], "total": 1, "reasons": {"no_year": 1}, "next_after": None}
CHOICES = {
    "choices": [
        {"id": 9, "kind": "match", "sentence": 'a person said that it is "The Thing" (1982)',
         "about": "/films/The Thing/The Thing.mkv", "count": 1, "made_at": NOW, "undone_at": None}
    ]
}  # fmt: skip
SEARCHED = {"own": [], "world": [CANDIDATE], "problem": None}
COUNTS = {"discovered": 4120, "unread": 0, "held": 0, "new": 2, "changed": 0, "moved": 1, "gone": 0}
SOURCES = {
    "sources": [
        {"name": "films", "kind": "folder", "path": "/films", "holds": "films", "sections": [],
         "enabled": True, "trusted": False, "watched": True, "hours": 12.0, "is_ours": True,
         "is_set_up": True, "files": 4120, "size_bytes": 20_000_000_000_000, "gone_files": 3,
         "waiting": 0, "review": 1, "broken": 2, "last_scan_at": NOW, "last_complete_at": NOW,
         "away_since": None, "problem": None, "counts": COUNTS, "now": None}
    ],
    "trouble": [],
}  # fmt: skip
SCANS = {
    "scans": [
        {"id": 31, "source": "films", "began_at": NOW, "ended_at": NOW, "complete": True,
         "counts": COUNTS, "problem": None}
    ]
}  # fmt: skip
DUPLICATES = {
    "duplicates": [
        {"title_id": 7, "title": "Parasite", "year": 2019, "season": None, "episode": None,
         "edition": None, "identical": False, "files": [FILE, FILE | {"id": 13, "lines": 1080}]}
    ],
    **PAGE,
}  # fmt: skip
STATS = {
    "counts": {
        "films": 3900, "shows": 120, "episodes": 6400, "files": 10_400,
        "size_bytes": 40_000_000_000_000, "gone_files": 12, "waiting": 0, "review": 1,
        "ignored": 4, "unprobed": 0, "broken": 2,
    },
    "reviews": {"no_year": 1},
    "facets": {
        "genres": {"Drama": 1900}, "languages": {"English": 3000}, "lines": {"1080": 2900},
        "decades": {"2010": 1200}, "sources": ["films", "nas"],
    },
    "credit": CREDIT,
}  # fmt: skip
DONE = {
    "said": 'a person said that it is "The Thing" (1982)', "choice_id": 9, "files": 1,
    "title_id": 41,
}  # fmt: skip
BEGUN = {"said": "TMDB is asked about Parasite", "choice_id": None, "files": None, "title_id": None}
SCANNED = {"said": "a look at films begins", "choice_id": None, "files": None, "title_id": None}
MATCH = {"files": [40], "tmdb_id": 1091, "kind": "film"}
CHOSEN = {"title": "The Thing", "year": 1982}
SOME = {"files": [40]}
APPROVE = {"candidate": 0}
INTO = {"into": 7}
SCAN = {"source": "films", "accept": False}
