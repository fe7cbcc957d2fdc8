"""The examples in the OpenAPI document; a test holds each to the shape that it is an example of."""

PARASITE = "film:letterboxd:240344"
NOW = "2026-11-20T18:00:00Z"
RELEASE = "Parasite.2019.1080p.BluRay.x264-GRP"
ROW = {
    "id": PARASITE, "title": "Parasite (2019)", "state": "failed",
    "standing": "4 found, none accepted: 4 too_few_seeders; tried again in 6 h",
    "added_at": NOW, "year": 2019, "wanted_by": ["letterboxd:alice"],
    "retry_at": "2026-11-21T00:00:00Z",
}  # fmt: skip
EVENT = {"at": NOW, "what": "wanted", "text": "wanted by letterboxd:alice"}
OFFERED = {
    "indexer": "filelist", "id": "7", "name": RELEASE, "size_bytes": 8_589_934_592, "seeders": 20,
    "rank": 1, "score": 1080,
}  # fmt: skip
QUEUES = {
    "pending": 3, "active": 1, "failed": 2, "completed": 40, "removed": 0, "permanent_failures": 1,
    "revision": 1207, "oldest_pending_at": NOW, "next_retry_at": "2026-11-21T00:00:00Z",
    "started_at": NOW, "trouble": [],
}  # fmt: skip
FILMS = {"films": [ROW], "total": 1, "page": 1, "pages": 1, "per_page": 50}
FILM = {
    "id": PARASITE, "title": "Parasite (2019)", "state": "failed", "standing": ROW["standing"],
    "film": {"key": "letterboxd:240344", "title": "Parasite", "year": 2019},
    "item": {
        "id": PARASITE, "kind": "film", "title": "Parasite (2019)", "added_at": NOW,
        "wanted_by": ["letterboxd:alice"], "data": {"year": 2019}, "seq": 7, "pos": 3,
    },
    "events": [EVENT], "candidates": [OFFERED], "searched_at": NOW, "blocked": [], "versions": [],
    "wishes": ["retry", "skip", "grab", "alias", "remove"],
}  # fmt: skip
WHY = {
    "id": PARASITE, "title": "Parasite (2019)", "state": "failed", "standing": ROW["standing"],
    "events": [EVENT],
}  # fmt: skip
ACTIVITY = {
    "events": [{"at": NOW, "id": PARASITE, "what": "wanted", "text": EVENT["text"]}],
    "total": 1, "page": 1, "pages": 1, "per_page": 50,
}  # fmt: skip
OFFERS = {
    "film": FILM["film"], "summary": "1 found, none refused; the best is 1080p from a disc",
    "releases": [OFFERED], "silent": [],
}  # fmt: skip
DONE = {"id": PARASITE, "title": "Parasite (2019)", "state": "pending"}
GRAB = {"release": "filelist:7"}
BLOCK = {"release": "filelist:7", "why": "hard-coded subtitles"}
ALIAS = {"title": "Gisaengchung"}
WISH = {"title": "Parasite", "year": 2019, "imdb_id": "tt6751668", "tmdb_id": 496243}
WEBHOOK = {
    "notification_type": "MEDIA_APPROVED", "subject": "Parasite (2019)",
    "media": {"media_type": "movie", "tmdbId": "496243", "imdbId": "tt6751668"},
}  # fmt: skip
WANTED = {"films": [{**DONE, "new": True}], "said": "Parasite (2019) is pending"}
SOURCES = {
    "watchlists": [{
        "name": "letterboxd:alice", "films": 60, "followed": True, "read_at": NOW, "problem": None,
        "problem_since": None, "blocked_since": None, "next_at": "2026-11-20T19:00:00Z",
        "absent": 0, "held": False,
    }],
    "services": {
        "indexers": [{
            "name": "filelist", "credential": "filelist.passkey",
            "budget": {"left": 143, "limit": 150,
                       "sentence": "143 of 150 calls left this hour"},
        }],
        "no_indexer": None, "client": {"name": "qbittorrent"}, "facts": [], "notices": [],
        "media_servers": [],
    },
}  # fmt: skip
CONFIRMED = {"source": "letterboxd:alice", "films": 32}
MOVING = {
    "moving": [{
        "id": PARASITE, "title": "Parasite (2019)", "step": "downloading", "progress": 0.43,
        "release": RELEASE, "size_bytes": 8_589_934_592, "speed_bytes_s": 5_242_880, "eta_s": 934,
    }],
}  # fmt: skip
NEEDS = {
    "needs": [{
        "key": "login:filelist", "kind": "login", "service": "filelist", "since": NOW,
        "sentence": "filelist: the login was refused",
        "do": "Give it the right login; nothing is asked there before.", "action": "credentials",
    }],
}  # fmt: skip
DOCTOR = {
    "ok": False, "checked_at": NOW,
    "checks": [{
        "name": "library", "ok": False, "sentence": "there is no folder /films",
        "fix": 'run "mkdir -p /films", make room in it, or set library_directory to another folder',
    }],
}  # fmt: skip
EVENTS = "retry: 3000\nevent: hello\ndata: {}\n\nevent: films\ndata: {}\n\n"
SETTINGS = {
    "settings": {"check_interval": {
        "value": 3600, "origin": "default", "default": 3600, "next_start": False,
        "allowed": "a whole number from 1 to 604800",
        "sentence": "Seconds between two readings of a watchlist.",
    }},
    "credentials": {"filelist.passkey": "credentials.enc", "qbittorrent.password": None},
    "problems": [], "notices": [],
}  # fmt: skip
CHANGES = {"profile.preset": "small", "filelist.calls_per_hour": 100}
CHANGED = {
    "said": "2 settings are saved and in force",
    "saved": list(CHANGES), "next_start": [], "overridden": {}, "problems": [],
}  # fmt: skip
