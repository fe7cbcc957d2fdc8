"""A program that uses a login again and again, to be killed by tests: `HOME URL CLIENT_ID`.

It ends with 3 when it is asked to log in again.
"""

import sys
from pathlib import Path

from movie_sync.credentials import Credentials
from movie_sync.demo.trakt_site import OUT_OF_BAND, SECRET
from movie_sync.errors import NotAuthorised
from movie_sync.http import Http
from movie_sync.login_tokens import LoginTokens
from movie_sync.services.trakt import Trakt
from movie_sync.services.trakt_api import connect
from movie_sync.services.trakt_login import TraktLogin


def tokens(home: Path, http: Http, client_id: str, **options) -> LoginTokens:
    login = TraktLogin(http, client_id, SECRET, OUT_OF_BAND)
    vault, how = Credentials(home, {}), '"history trakt login"'
    return LoginTokens(
        vault, home, "trakt", login.renew, log_in=how, client_id=client_id, **options
    )


def main() -> None:
    home, url, client_id = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    held = tokens(home, Http("trakt", url, gap_s=0.0), client_id)
    trakt = Trakt(connect(url, client_id, held, reads_per_5_min=100_000))
    try:
        while True:
            trakt.settings()
    except NotAuthorised as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(3)


if __name__ == "__main__":
    main()
