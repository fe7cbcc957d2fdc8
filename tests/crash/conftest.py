"""These take minutes, and some need root: they run where MOVIE_SYNC_CRASH is set."""

import os

collect_ignore_glob = [] if os.environ.get("MOVIE_SYNC_CRASH") else ["test_*.py"]
