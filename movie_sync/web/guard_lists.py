"""The one place where an API key may stand in an address: the lists that Sonarr reads.

Sonarr's Custom List can send no header. An address is kept where a header is not, as in the logs of
a proxy; so there a key counts only for a list, only to read it, and only one that may do no more
than read. It is taken out of the address before anything else sees that.
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from msgspec.structs import replace

from movie_sync.web.guard_answers import Answer
from movie_sync.web.guard_arrival import Arrival, header

BELOW = "/lists/"
FIELD = "key"
MOST_FIELDS = 20
TOO_MIGHTY = Answer(
    403,
    "A key in an address must be one with the scope read: an address is seen by many; run "
    '"movie-sync web keys add sonarr --scope read" for one.',
)


def with_key(scope: Any, path: str, arrival: Arrival) -> tuple[Any, Arrival]:
    """The request as if the key in its address had come in a header."""
    query = scope.get("query_string", b"")
    if scope["method"] not in {"GET", "HEAD"} or not path.startswith(BELOW) or not query:
        return scope, arrival
    try:
        fields = parse_qsl(query.decode("latin-1"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return scope, arrival
    keys = [value.strip() for name, value in fields if name == FIELD]
    kept = urlencode([(name, value) for name, value in fields if name != FIELD])
    scope = {**scope, "query_string": kept.encode()}
    shown = header(arrival.headers, b"x-api-key") or header(arrival.headers, b"authorization")
    if len(keys) != 1 or not keys[0].isascii() or shown:
        return scope, arrival
    headers = [*arrival.headers, (b"x-api-key", keys[0].encode())]
    return scope, replace(arrival, headers=headers, key_in_address=True)
