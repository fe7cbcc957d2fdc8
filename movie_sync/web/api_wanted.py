"""Films that others want: `POST /wanted`, for shortcuts, scripts and request managers.

Takes {"title", "year", "imdb_id", "tmdb_id"}, one film or a list, and the webhook of Overseerr,
Jellyseerr and Seerr. Source of its form: the default JSON payload and template variables of
https://docs.overseerr.dev/using-overseerr/notifications/webhooks, where ids are texts, empty
where not known. The same film twice is the same film.
"""

import re
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from msgspec import Meta, Struct

from movie_sync.models import State
from movie_sync.web import api_examples as examples
from movie_sync.web.api_base import Body, Invalid, answer, decoded, gives, takes
from movie_sync.web.desk import AtDesk

APPROVED = {"MEDIA_APPROVED", "MEDIA_AUTO_APPROVED"}
MOST_FILMS = 50_000  # of one request
TITLE_YEAR = re.compile(r"(?P<title>.*\S)\s+\((?P<year>\d{4})\)")

Title = Annotated[str, Meta(min_length=1, max_length=300, pattern=r"\S")]
TmdbId = Annotated[int, Meta(ge=1, le=2**53)]
Year = Annotated[int, Meta(ge=1870, le=2200)]


class Wish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One film that is wanted. "Parasite (2019)" as its title says the year too."""

    title: Title
    year: Year | None = None
    imdb_id: Annotated[str, Meta(pattern=r"^tt[0-9]{5,12}$")] | None = None
    tmdb_id: TmdbId | None = None


class Media(Struct, frozen=True, kw_only=True):
    """What a webhook is about. Ids are numbers or texts, empty where not known."""

    media_type: str = ""
    tmdbId: TmdbId | Annotated[str, Meta(pattern="^[0-9]{0,15}$")] | None = None  # noqa: N815
    imdbId: Annotated[str, Meta(pattern="^(tt[0-9]{5,12})?$")] | None = None  # noqa: N815


class Webhook(Struct, frozen=True, kw_only=True):
    """As Overseerr, Jellyseerr and Seerr send it; what else is in it is passed over."""

    notification_type: str
    subject: Title
    media: Media | None = None


class Wanted(Struct, frozen=True, kw_only=True):
    """One film as it is in the queues now."""

    id: str
    title: str
    state: State
    new: bool  # it was not queued before


class AllWanted(Struct, frozen=True, kw_only=True):
    """What became of the films, in their order; `said` is that in a sentence."""

    films: list[Wanted]
    said: str


# Shortcuts of a phone send numbers as texts.
WISH = msgspec.json.Decoder(Wish, strict=False)
WISHES = msgspec.json.Decoder(list[Wish], strict=False)
WEBHOOK = msgspec.json.Decoder(Webhook, strict=False)
OBJECT = msgspec.json.Decoder(dict[str, Any])
SHAPES = (Wish, Webhook, AllWanted)

router = APIRouter(tags=["films"])


@router.post(
    "/wanted",
    responses=gives(AllWanted, examples.WANTED, "All of them are queued."),
    openapi_extra=takes(
        Wish, list[Wish], Webhook,
        one=examples.WISH, several=[examples.WISH, {"title": "M (1931)"}], webhook=examples.WEBHOOK,
    ),
)  # fmt: skip
def wanted(
    request: Request, desk: AtDesk, body: Annotated[msgspec.Raw, Depends(Body(msgspec.Raw))]
) -> Response:
    """Want films, from a shortcut, a script, or the webhook of Overseerr, Jellyseerr or Seerr."""
    text = bytes(body)
    if text.startswith(b"["):
        wishes = decoded(text, WISHES)
    elif "notification_type" in decoded(text, OBJECT):
        wish = _of_webhook(decoded(text, WEBHOOK))
        if isinstance(wish, str):
            return answer(request, AllWanted(films=[], said=wish))
        wishes = [wish]
    else:
        wishes = [decoded(text, WISH)]
    if len(wishes) > MOST_FILMS:
        raise Invalid(422, f"{len(wishes)} films at once are too many; send {MOST_FILMS} at most")
    films = desk.perform("add", films=[msgspec.to_builtins(_with_year(one)) for one in wishes])
    found = msgspec.convert(films["films"], list[Wanted])
    return answer(request, AllWanted(films=found, said=_said(found)))


def _of_webhook(hook: Webhook) -> Wish | str:
    """The film that was approved; or why there is nothing to do."""
    if hook.notification_type == "TEST_NOTIFICATION":
        return "the test arrived: approved films will be wanted"
    if hook.notification_type not in APPROVED:
        return f"nothing to do: {hook.notification_type} asks for no film"
    if hook.media is None or hook.media.media_type != "movie":
        kind = hook.media.media_type if hook.media else "without media"
        what = "a series" if kind == "tv" else kind or "of no kind"
        return f"nothing to do: {hook.subject} is {what}, and only films are taken"
    tmdb_id = int(hook.media.tmdbId or 0) or None
    return Wish(title=hook.subject, imdb_id=hook.media.imdbId or None, tmdb_id=tmdb_id)


def _with_year(wish: Wish) -> Wish:
    said = TITLE_YEAR.fullmatch(wish.title.strip())
    if wish.year is None and said and 1870 <= int(said["year"]) <= 2200:
        return msgspec.structs.replace(wish, title=said["title"], year=int(said["year"]))
    return wish


def _said(films: list[Wanted]) -> str:
    if len(films) == 1:
        one = films[0]
        return f"{one.title} is {one.state}{'' if one.new else ' already'}"
    new = sum(one.new for one in films)
    return f"{new} of {len(films)} films are new"
