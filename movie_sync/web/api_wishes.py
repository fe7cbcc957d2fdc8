"""What may be asked of a film: look what is offered, take a release, try again, leave it."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from msgspec import Meta, Struct

from movie_sync.errors import ConfigError
from movie_sync.films.offers import offers
from movie_sync.films.sync import profile_of
from movie_sync.models import Film, State
from movie_sync.views import film as film_view
from movie_sync.web import api_examples as examples
from movie_sync.web.api_base import Body, answer, gives, takes
from movie_sync.web.api_films import FilmId
from movie_sync.web.desk import AtDesk


class Offers(Struct, frozen=True, kw_only=True):
    """What the indexers offer at this moment, judged and ranked; nothing is taken."""

    film: Film
    summary: str
    releases: list[dict[str, Any]]  # each with "rank", or with "refused": all that is against it
    silent: list[str]  # why indexers did not answer


class Done(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The film as it is now."""

    id: str
    title: str
    state: State
    release: dict[str, Any] | None = None  # the one that is blocked
    count: int | None = None  # of releases that may be taken again
    called: list[str] | None = None  # every title that a person gave it


class Grab(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which release to take at once, whatever is held against it."""

    release: str  # "indexer:id", or its whole name if the last search found it


class Block(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which release never to take for this film; without one, the one it has or loads."""

    release: str | None = None
    why: str | None = None  # a note of yours


class Unblock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which blocked release may be taken again; without one, all."""

    release: str | None = None


class Alias(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A title by which releases call the film."""

    title: Annotated[str, Meta(min_length=1, max_length=300, pattern=r"\S")]
    forget: bool = False  # it is not called so after all


SHAPES = (Offers, Done, Grab, Block, Unblock, Alias)
DONE = gives(Done, examples.DONE, "The film as it is now.")

router = APIRouter(tags=["films"])


@router.post("/films/{id:path}/search", responses=gives(Offers, examples.OFFERS))
def search(request: Request, desk: AtDesk, id_: FilmId) -> Response:
    """Ask the indexers now what they offer, which may take a minute; nothing is taken."""
    one = film_view.whole(desk.queue, desk.stories, id_, desk.now())
    parts = desk.app.parts
    if not parts.indexers:
        raise ConfigError(parts.no_indexer)
    found = offers(one.film, one.item, profile_of(parts, one.item), desk.now(),
                   facts=parts.facts, indexers=parts.indexers)  # fmt: skip
    return answer(request, msgspec.convert(found, Offers))


@router.post("/films/{id:path}/grab", responses=DONE, openapi_extra=takes(Grab, one=examples.GRAB))
def grab(
    request: Request, desk: AtDesk, id_: FilmId, body: Annotated[Grab, Depends(Body[Grab](Grab))]
) -> Response:
    """Take this release, whatever is held against it."""
    return answer(request, desk.perform("grab", id=id_, release=body.release))


@router.post(
    "/films/{id:path}/block",
    responses=DONE,
    openapi_extra=takes(Block, required=False, one=examples.BLOCK),
)
def block(
    request: Request,
    desk: AtDesk,
    id_: FilmId,
    body: Annotated[Block, Depends(Body(Block, Block()))],
) -> Response:
    """Never take a release for this film; another is looked for if it is the one it has."""
    return answer(request, desk.perform("block", id=id_, release=body.release, why=body.why))


@router.post(
    "/films/{id:path}/unblock",
    responses=DONE,
    openapi_extra=takes(Unblock, required=False, one=examples.GRAB),
)
def unblock(
    request: Request,
    desk: AtDesk,
    id_: FilmId,
    body: Annotated[Unblock, Depends(Body(Unblock, Unblock()))],
) -> Response:
    """Let a blocked release be taken again, or all of them."""
    return answer(request, desk.perform("unblock", id=id_, release=body.release))


@router.post(
    "/films/{id:path}/alias", responses=DONE, openapi_extra=takes(Alias, one=examples.ALIAS)
)
def alias(
    request: Request, desk: AtDesk, id_: FilmId, body: Annotated[Alias, Depends(Body[Alias](Alias))]
) -> Response:
    """Know the film by one more title, or one less."""
    return answer(request, desk.perform("alias", id=id_, title=body.title, forget=body.forget))


@router.post("/films/{id:path}/retry", responses=DONE)
def retry(request: Request, desk: AtDesk, id_: FilmId) -> Response:
    """Search again now for a film that failed or was given up."""
    return answer(request, desk.perform("retry", id=id_))


@router.post("/films/{id:path}/skip", responses=DONE)
def skip(request: Request, desk: AtDesk, id_: FilmId) -> Response:
    """Never look for it, until it is retried."""
    return answer(request, desk.perform("skip", id=id_))


@router.post("/films/{id:path}/remove", responses=DONE)
def remove(request: Request, desk: AtDesk, id_: FilmId) -> Response:
    """Set a film aside; no file is touched. It stays so even if a list still names it."""
    return answer(request, desk.perform("remove", id=id_))


@router.post("/films/{id:path}/restore", responses=DONE)
def restore(request: Request, desk: AtDesk, id_: FilmId) -> Response:
    """Bring back what was removed."""
    return answer(request, desk.perform("restore", id=id_))
