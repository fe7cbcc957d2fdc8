"""What Sonarr and Radarr have in common: how they are asked, and the shapes of their refusals.

Source: the API descriptions and the source text of Sonarr 3, 4 and 5 and of Radarr 5. A failure is
told in one of four shapes: 400 with a list of complaints, each about one property of what was
sent; 400 with `errors` by JSON path, where the form itself was wrong; any status with an object
with `message`; or without any words, as for a wrong key or by a proxy.

The one thing to know: a wrong URL base is answered with a redirect to the right one. Nothing is
sent after it, for a POST that is sent on may be heard twice; the address has to be set right.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urljoin

import msgspec
import requests
from msgspec import Struct

from movie_sync.errors import (
    BadAnswer,
    ConfigError,
    MovieSyncError,
    NotAuthorised,
    ServiceError,
    Unavailable,
)
from movie_sync.services.arr_words import tag_label, words

if TYPE_CHECKING:
    from movie_sync.http import Http

T = TypeVar("T")

API = "/api/v3"
VERSION = "X-Application-Version"
REDIRECTED = (301, 302, 303, 307, 308)
EXPLAINED = (404, 405, 500, 503)  # an object may say why


class Complaint(NamedTuple):
    """Why one property of what was sent is not taken."""

    about: str  # "TvdbId"; empty where nothing was named
    code: str  # "SeriesExistsValidator", or empty
    words: str


class Reply(NamedTuple):
    """What a POST was answered: its body, or why it was refused."""

    status: int
    body: bytes
    complaints: tuple[Complaint, ...] = ()
    malformed: bool = False  # the form was refused, whatever it was about


class Named(Struct):
    """A quality or language profile."""

    id: int
    name: str


class Folder(Struct):
    """A root folder."""

    path: str


class Tag(Struct):
    """A label on films or shows."""

    id: int
    label: str


class Status(Struct):
    """What it is."""

    appName: str  # noqa: N815 - as it is named there
    version: str


class _Listed(Struct):
    errorMessage: str  # noqa: N815 - as it is named there
    propertyName: str = ""  # noqa: N815 - as above
    errorCode: str = ""  # noqa: N815 - as above


class _Problem(Struct):
    errors: dict[str, list[str]]


class _Object(Struct):
    message: str = ""
    errorMessage: str = ""  # noqa: N815 - as it is named there, while it starts up


class Api:
    """One Sonarr or Radarr.

    Args:
        http: with `headers(key)`.
        program: "Sonarr": what has to answer.
        settings: where its settings stand, as "radarr": what sentences begin with.
        credential: its key's name among the credentials.
    """

    def __init__(self, http: "Http", program: str, settings: str, credential: str) -> None:
        self.program, self.settings = program, settings
        self._http, self._credential = http, credential
        self.version: str | None = None  # that answered last
        self.answers = Counter[tuple[str, int]]()  # since the start: path and status; 0 is none

    @property
    def name(self) -> str:
        return self._http.service

    def status(self) -> Status:
        """Raises ConfigError: another program answers there."""
        status = self.get("/system/status", Status)
        if status.appName != self.program:
            raise ConfigError(
                f"{words(status.appName)} answers where {self.program} is expected; set "
                f"{self.settings}.url to the address of {self.program}"
            )
        return status

    def get(self, path: str, form: type[T], **params: str | int) -> T:
        """Raises any ServiceError; ConfigError: it is asked below a wrong URL base."""
        path = f"{API}{path}"
        ask = partial(self._http.get, path, params=params, accept=EXPLAINED)
        response = self._answer(path, ask)
        self._check_base(response.url, path)
        if response.status_code in EXPLAINED:
            raise self._failure(response, path)
        self.version = response.headers.get(VERSION, self.version)
        return self.decode(response.content, form, path)

    def post(self, path: str, what: Mapping[str, Any]) -> Reply:
        """Sent once. Raises as `get` does.

        Raises:
            Unavailable, BadAnswer: it may have been heard.
        """
        path = f"{API}{path}"
        accept = (*REDIRECTED, *EXPLAINED, 400, 409)
        ask = partial(self._http.post, path, msgspec.json.encode(what), accept=accept)
        response = self._answer(path, ask)
        if response.status_code in REDIRECTED:
            self._check_base(urljoin(response.url, response.headers.get("Location", "")), path)
            raise ConfigError(
                f"{self.name} sends {path} on to another address; set {self.settings}.url to the "
                f"address of {self.program}; nothing was added"
            )
        if response.status_code in EXPLAINED:
            raise self._failure(response, path)
        status, body = response.status_code, response.content
        if status not in (400, 409):
            return Reply(status, body)
        return Reply(status, body, *_complaints(body))

    def _answer(self, path: str, ask: Callable[[], requests.Response]) -> requests.Response:
        try:
            response = ask()
        except NotAuthorised:
            self.answers[path, 401] += 1
            raise self._not_let_in() from None
        except ServiceError:
            self.answers[path, 0] += 1
            raise
        self.answers[path, response.status_code] += 1
        return response

    def decode(self, body: bytes, form: type[T], what: str) -> T:
        """Raises BadAnswer: it is of another form."""
        try:
            return msgspec.json.decode(body, type=form)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            kind = "a web page" if body.lstrip()[:1] == b"<" else f"an unknown form: {error}"
            raise BadAnswer(self.name, f"{what} has {kind}; none of it was used") from error

    def tags(self, labels: Sequence[str]) -> list[int]:
        """The numbers of these tags; those that are not there are made."""
        known = {tag.label: tag.id for tag in self.get("/tag", list[Tag])} if labels else {}
        found = []
        for label in dict.fromkeys(filter(None, map(tag_label, labels))):
            if label not in known:
                reply = self.post("/tag", {"label": label})
                if reply.complaints or reply.malformed:
                    raise ConfigError(
                        f'{self.name} takes no tag "{label}": {said(reply)}; change '
                        f"{self.settings}.tags"
                    )
                known[label] = self.decode(reply.body, Tag, "its new tag").id
            found.append(known[label])
        return found

    def close(self) -> None:
        self._http.close()

    def _not_let_in(self) -> NotAuthorised:
        message = f"the API key was refused; set it by `credentials set {self._credential}`"
        return NotAuthorised(self.name, message)

    def _check_base(self, answered: str, asked: str) -> None:
        """Raise where it wants to be asked below another path."""
        address = answered.split("?", maxsplit=1)[0]
        if address.endswith(asked) and address != f"{self._http.base_url}{asked}":
            base = address.removesuffix(asked)
            raise ConfigError(
                f"{self.name} sends us on to {base}; set {self.settings}.url to that; nothing "
                "was changed there"
            )

    def _failure(self, response: requests.Response, path: str) -> MovieSyncError:
        told = _of(response.content, _Object) or _Object()
        if response.status_code in (404, 405):
            return ConfigError(
                f"{path} is not at {self.name}; set {self.settings}.url to the address of "
                f"{self.program}"
            )
        error = self._http.failure(response, path)
        why = words(told.message or told.errorMessage)
        if why and isinstance(error, Unavailable):
            return Unavailable(self.name, why, error.retry_after_s)
        return error


def headers(key: str) -> dict[str, str]:
    """For its `Http`: the key goes out in a header, never in an address."""
    return {"X-Api-Key": key, "Accept": "application/json"}


def said(reply: Reply) -> str:
    """All complaints in one line."""
    return "; ".join(each.words for each in reply.complaints) or f"it answered {reply.status}"


def _complaints(body: bytes) -> tuple[tuple[Complaint, ...], bool]:
    """What a 400 or 409 complains of, and whether of the form of what was sent."""
    if each := _of(body, list[_Listed]):
        return tuple(
            Complaint(one.propertyName, one.errorCode, words(one.errorMessage)) for one in each
        ), False
    if problem := _of(body, _Problem):
        return tuple(
            Complaint(path, "", words(f"{path.removeprefix('$.')}: {' '.join(why)}"))
            for path, why in problem.errors.items()
        ), True
    told = _of(body, _Object)
    message = (told.message or told.errorMessage) if told else ""
    return (Complaint("", "", words(message)),) if message else (), False


def _of(body: bytes, form: type[T]) -> T | None:
    try:
        return msgspec.json.decode(body, type=form)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
