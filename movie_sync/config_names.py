"""Other names of settings in the environment: those that a program for shows alone, or for
history alone, would have.

`SONARR_URL` says as much as MOVIE_SYNC_SONARR__MAIN__URL, and each may end in _FILE and name a file
that holds the value. Our own name wins. What is not needed here is told of once, and ignored.
"""

EXCLUDABLE = ("genres", "types", "languages", "countries", "networks")
SONARR = (
    "url", "root_folder", "quality_profile", "language_profile", "monitor", "series_type",
    "search_on_add", "tags",
)  # fmt: skip
FILTERS = (
    "status.include", "status.exclude_ended", "premiered.after", "premiered.before", "ended.after",
    "ended.before", "rating.min", "rating.max", "min_runtime", "max_runtime",
    *(f"{kind}.{how}" for kind in EXCLUDABLE for how in ("include", "exclude")),
)  # fmt: skip
# The variable -> the key of the setting.
KEYS = {
    "TVMAZE_RATE_LIMIT": "shows.rate_limit",
    "TVMAZE_UPDATE_WINDOW": "shows.update_window",
    "TVMAZE_BASE_URL": "shows.base_url",
    "SYNC_POLL_INTERVAL": "shows.poll_interval",
    "SYNC_ABANDON_AFTER": "shows.abandon_after",
    "DRY_RUN": "shows.dry_run",
    "LOGGING_LEVEL": "log_level",
    "TRAKT_CLIENT_ID": "trakt.client_id",
    "TRAKT_REDIRECT_URI": "trakt.redirect_uri",
    "SERVER_ENABLED": "web.enabled",
    "SERVER_PORT": "web.port",
    **{f"EXCLUDE_{one.upper()}": f"shows.exclude.{one}" for one in EXCLUDABLE},
    **{f"SONARR_{one.upper()}": f"sonarr.main.{one}" for one in SONARR},
    **{f"FILTERS_{one.upper().replace('.', '_')}": f"shows.filters.{one}" for one in FILTERS},
}
# The variable -> the name of the credential; `credentials.py` reads it.
SECRETS = {
    "SONARR_API_KEY": "sonarr.main.api_key",
    "TRAKT_CLIENT_SECRET": "trakt.client_secret",
}
NOT_NEEDED = {
    "TVMAZE_API_KEY": "TVMaze's catalogue is open to everybody, and a key changes nothing there",
    "SYNC_RETRY_DELAY": "a show without a TVDB id comes again by itself as soon as it gets one",
    "SYNC_MAX_RETRIES": "what an outage stops is tried again until it is over",
    "STORAGE_PATH": "the folder that holds everything is named by MOVIE_SYNC_HOME or --home",
    "LOGGING_FORMAT": "the log has one form",
    "SERVER_API_KEY": 'programs have keys of their own: "web keys add NAME"',
}
# Variables that begin so hardly belong to another program.
OURS = ("TVMAZE_", "SYNC_", "EXCLUDE_", "FILTERS_")
