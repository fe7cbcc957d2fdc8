"""What all routes of the API share: answers with ETags, bodies that are checked, pages of a list,
and how each route says in the OpenAPI document what it takes and gives.

Shapes are msgspec structs, so that what is sent, what is documented and what views give are one.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from movie_sync.web.problems import http_problem, problem_json

ROOT = "/api/v1"
PER_PAGE, MOST_PER_PAGE = 50, 200
LONGEST_BODY_BYTES = 8 * 1024 * 1024  # a list of 50,000 films fits
REFERENCE = "#/components/schemas/{name}"

T = TypeVar("T")


class Wrong(msgspec.Struct, frozen=True):
    """One thing that is wrong in a request."""

    field: str  # its name, or the key of a setting; empty: the whole
    problem: str


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Problem details (RFC 9457): why a request was not fulfilled."""

    type: str
    title: str
    status: int
    detail: str  # a sentence for a person
    instance: str | None = None
    errors: list[Wrong] = []


class Invalid(Exception):
    """A request that cannot be fulfilled as it is; nothing was changed."""

    def __init__(self, status: int, detail: str, errors: tuple[Wrong, ...] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors = status, detail, errors


class Part:
    """Which page of a list is asked for."""

    def __init__(
        self,
        page: Annotated[
            int, Query(ge=1, le=1_000_000, description="Which page, counted from 1.")
        ] = 1,
        per_page: Annotated[
            int, Query(ge=1, le=MOST_PER_PAGE, description="How many a page has.")
        ] = PER_PAGE,
    ) -> None:
        self.page, self.per_page = page, per_page


class Body(Generic[T]):
    """A dependency that reads a body of JSON as this shape; an empty one is `default`."""

    def __init__(self, shape: Any, default: T | None = None) -> None:
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(shape)
        self._default = default

    async def __call__(self, request: Request) -> T:
        text = await body_of(request)
        if not text.strip() and self._default is not None:
            return self._default
        return decoded(text, self._decoder)


async def body_of(request: Request) -> bytes:
    """Raises Invalid: it is too long."""
    text = b""
    async for chunk in request.stream():
        text += chunk
        if len(text) > LONGEST_BODY_BYTES:
            raise Invalid(413, f"more than {LONGEST_BODY_BYTES} bytes; nothing was changed")
    return text


def decoded(text: bytes, decoder: "msgspec.json.Decoder[T]") -> T:
    """Raises Invalid. A number as 3.0 is a whole one in JSON."""
    try:
        try:
            return decoder.decode(text)
        except msgspec.ValidationError as error:
            if "got `float`" not in str(error):
                raise
        return decoder.decode(msgspec.json.encode(_whole(msgspec.json.decode(text))))
    except msgspec.ValidationError as error:
        wrong = _wrong(str(error))
        said = f"{wrong.field or 'the body'}: {wrong.problem}; nothing was changed"
        raise Invalid(422, said, (wrong,)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        wrong = Wrong("", f"this is not JSON: {error}")
        raise Invalid(422, wrong.problem, (wrong,)) from None


def _whole(value: Any) -> Any:
    match value:
        case dict():
            return {name: _whole(one) for name, one in value.items()}
        case list():
            return [_whole(one) for one in value]
        case float() if value.is_integer():
            return int(value)
    return value


def answer(
    request: Request,
    value: Any,
    *,
    status: int = 200,
    tag: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The value as JSON; to one who knows it already, that it is as it was.

    Args:
        tag: of `tag_of`, where it is known cheaply; else the content tells.
    """
    content = msgspec.json.encode(value)
    if request.method != "GET":
        return Response(content, status, headers, "application/json")
    tag = tag or tag_of(content)
    if is_known(request, tag):
        return unchanged(tag)
    sent = {**(headers or {}), "ETag": tag, "Cache-Control": "private, no-cache"}
    return Response(content, status, sent, "application/json")


def tag_of(*parts: object) -> str:
    """A weak ETag: what has the same says the same, if not in the same bytes."""
    text = parts[0] if isinstance(parts[0], bytes) else repr(parts).encode()
    return f'W/"{blake2b(text, digest_size=9).hexdigest()}"'


def is_known(request: Request, tag: str) -> bool:
    known = [each.strip() for each in request.headers.get("if-none-match", "").split(",")]
    plain = tag.removeprefix("W/")
    return "*" in known or any(each.removeprefix("W/") == plain for each in known)


def unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})


def links(request: Request, page: int, pages: int) -> dict[str, str]:
    """The Link header (RFC 8288) to the pages around this one."""
    around = {"first": 1, "prev": min(page - 1, pages), "next": page + 1, "last": pages}
    found = [
        f'<{request.url.path}?{request.url.include_query_params(page=number).query}>; rel="{rel}"'
        for rel, number in around.items()
        if 1 <= number <= pages
    ]
    return {"Link": ", ".join(found)}


def gives(shape: Any, example: Any, says: str = "As asked.", *, listed: bool = False) -> Any:
    """The `responses` of a route: this shape, or problem details."""
    headers: dict[str, Any] = {}
    if listed:
        says_link = "Pages first, prev, next and last (RFC 8288)."
        headers = {"Link": {"schema": {"type": "string"}, "description": says_link}}
    media = {"schema": schema_of(shape), "example": example}
    return {
        200: {"description": says, "headers": headers, "content": {"application/json": media}},
        **PROBLEMS,
    }


def takes(*shapes: Any, required: bool = True, **examples: Any) -> dict[str, Any]:
    """The `openapi_extra` of a route with a body of one of these shapes."""
    named = {name: {"value": value} for name, value in examples.items()}
    schemas = [schema_of(shape) for shape in shapes]
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    media = {"schema": schema, "examples": named}
    return {"requestBody": {"required": required, "content": {"application/json": media}}}


def schema_of(shape: Any) -> dict[str, Any]:
    """By reference; the shapes themselves are named in each module's SHAPES."""
    return msgspec.json.schema_components((shape,), ref_template=REFERENCE)[0][0]


_PROBLEM = {"application/problem+json": {"schema": schema_of(ProblemDetails)}}
PROBLEMS: Any = {
    "4XX": {"description": "Not possible; nothing was changed.", "content": _PROBLEM},
    "5XX": {"description": "Failed here, or at a service outside.", "content": _PROBLEM},
}


def invalid(request: Request, error: Exception) -> Response:
    """Of a request that says something wrong."""
    if isinstance(error, Invalid):
        named = [msgspec.to_builtins(wrong) for wrong in error.errors]
        return problem_json(request, error.status, error.detail, errors=named)
    assert isinstance(error, RequestValidationError)
    found = [Wrong(_field(each["loc"]), _plainly(each["msg"])) for each in error.errors()]
    detail = "; ".join(f"{wrong.field}: {wrong.problem}" for wrong in found)
    if f"{ROOT}/" not in request.url.path:  # a person reads it
        return http_problem(request, HTTPException(422, detail))
    return problem_json(request, 422, detail, errors=msgspec.to_builtins(found))


def _wrong(message: str) -> Wrong:
    """What msgspec says, with the place apart: "Expected `str`, got `int` - at `$.title`"."""
    said, _, place = message.partition(" - at `$")
    field = place.rstrip("`").lstrip(".")
    if said.startswith(("Object missing required field `", "Object contains unknown field `")):
        name = said.split("`")[1]
        field = f"{field}.{name}".lstrip(".")
        said = "is missing" if "missing" in said else "there is no such field"
    return Wrong(field, said.replace("`", ""))


def _field(place: Any) -> str:
    return ".".join(str(each) for each in place[1:]) or str(place[0])


def _plainly(message: str) -> str:
    return message[:1].lower() + message[1:]
