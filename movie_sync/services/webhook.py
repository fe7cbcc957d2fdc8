"""A webhook: each notice as JSON, posted to an address of the person's own.

The body has `id`, `event`, `title`, `text`, `at` and `urgent`, and `link` and `film` where there
is one. The same notice always has the same id, also in the header Idempotency-Key, so that one
which is sent again after a crash can be told. With a secret the body is signed as GitHub does:
X-Movie-Sync-Signature is "sha256=" and the HMAC of the body in hexadecimal digits.
The address is a secret: whoever knows it can post there. Any answer of 200 to 299 means heard.
"""

import hashlib
import hmac

import msgspec

from movie_sync.http import Http
from movie_sync.messages import Notice

NAME = "webhook"


class Webhook:
    name = NAME

    def __init__(self, http: Http, path: str, secret: str | None = None) -> None:
        self._http, self._path, self._secret = http, path, secret

    def send(self, notice: Notice) -> None:
        """Raises any `ServiceError`."""
        body = msgspec.json.encode(as_data(notice))
        headers = {
            "Idempotency-Key": hashlib.sha256(notice.id.encode()).hexdigest()[:32],
            "X-Movie-Sync-Event": notice.event,
        }
        if self._secret:
            headers["X-Movie-Sync-Signature"] = signature(self._secret, body)
        self._http.post(self._path, body, headers=headers)


def as_data(notice: Notice) -> dict[str, object]:
    data: dict[str, object] = msgspec.to_builtins(notice)
    return {"urgent": False, **data}


def signature(secret: str, body: bytes) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
