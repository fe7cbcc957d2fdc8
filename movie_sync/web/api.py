"""The API: all its routes, the OpenAPI document that tells of them, and the same for people.

Every area has a module `api_<area>.py` with a `router` and its SHAPES; one line here adds it.
"""

import threading
from functools import cached_property, partial
from typing import Any

import msgspec
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, Response
from starlette.routing import Route

from movie_sync import __version__
from movie_sync.web import (
    api_films,
    api_history,
    api_history_wishes,
    api_library,
    api_library_wishes,
    api_outside,
    api_settings,
    api_shows,
    api_wanted,
    api_wishes,
    guard_rules,
    health,
)
from movie_sync.web.api_base import (
    REFERENCE,
    ROOT,
    Invalid,
    ProblemDetails,
    answer,
    invalid,
)
from movie_sync.web.api_outside import Doctor
from movie_sync.web.desk import AtDesk
from movie_sync.web.problems import fault, http_problem

AREAS = (
    api_wishes, api_films, api_wanted, api_outside, api_settings, api_shows, api_library,
    api_library_wishes, api_history, api_history_wishes,
)  # fmt: skip
WHAT = (
    "Everything that the page of Movie Sync shows and does. On its own machine reading needs no "
    "key while no password is set; whatever changes something does: `movie-sync web keys add`."
)
SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key of ours."},
    "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
}


class Document:
    """The OpenAPI document, made when it is first asked for."""

    def __init__(self, base: str) -> None:
        self._base, self._lock = base, threading.Lock()

    def whole(self) -> dict[str, Any]:
        with self._lock:
            return self._whole

    @cached_property
    def _whole(self) -> dict[str, Any]:
        routed = APIRouter(prefix=ROOT)
        for area in AREAS:
            routed.include_router(area.router)
        made = get_openapi(
            title="Movie Sync", version=__version__, description=WHAT, routes=routed.routes,
            servers=[{"url": self._base or "/"}],
        )  # fmt: skip
        shapes = [ProblemDetails, *(shape for area in AREAS for shape in area.SHAPES)]
        for area in AREAS:
            for route in area.router.routes:
                _keep_nulls(made["paths"], route)
        _, components = msgspec.json.schema_components(shapes, ref_template=REFERENCE)
        found = made.setdefault("components", {})
        found["schemas"] = {**found.get("schemas", {}), **components}
        for name in ("HTTPValidationError", "ValidationError"):
            found["schemas"].pop(name, None)  # FastAPI's own; ours is ProblemDetails
        found["securitySchemes"] = SECURITY
        made["security"] = [{name: []} for name in SECURITY]
        return made


router = APIRouter(prefix=ROOT, include_in_schema=False)


@router.get("/openapi.json")
def openapi(request: Request) -> Response:
    """The document, for programs."""
    document: Document = request.app.state.document
    return answer(request, document.whole())


@router.get("/docs")
def docs(request: Request, desk: AtDesk) -> HTMLResponse:
    """The same for people."""
    document: Document = request.app.state.document
    return desk.pages.page(request, "api.html", routes=told(document.whole()), root=ROOT)


def told(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Each route of a document, as a row of a table."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "needs": guard_rules.need(method.upper(), path),
            "says": route.get("description", ""),
            "takes": [each["name"] for each in route.get("parameters", ())],
            "example": _example(route),
        }
        for path, methods in document["paths"].items()
        for method, route in methods.items()
    ]


def add_to(app: FastAPI, base: str) -> None:
    """Every route of the API, and those that watch the program, below the base URL."""
    app.state.document, app.state.doctor = Document(base), Doctor()
    for area in AREAS:
        app.include_router(area.router, prefix=f"{base}{ROOT}")
    app.include_router(router, prefix=base)
    app.include_router(health.router, prefix=base)
    app.add_exception_handler(Invalid, invalid)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(405, partial(_wrong_method, f"{base}{ROOT}"))
    app.add_exception_handler(Exception, fault)


def _wrong_method(root: str, request: Request, error: Exception) -> Response:
    """Names all methods of an address, which has a route for each."""
    answer = http_problem(request, error)
    path = request.scope["path"].removeprefix(root)
    routes = [each for area in AREAS for each in area.router.routes if isinstance(each, Route)]
    reached = next((one.path for one in routes if one.path_regex.match(path)), None)
    methods = {method for one in routes if one.path == reached for method in one.methods or ()}
    if methods:
        answer.headers["Allow"] = ", ".join(sorted(methods))
    return answer


def _keep_nulls(paths: dict[str, Any], route: Any) -> None:
    """FastAPI takes every null out of a document, and so out of examples."""
    for method in route.methods:
        told = paths[f"{ROOT}{route.path_format}"][method.lower()]["responses"]["200"]
        told["content"] = route.responses[200]["content"]


def _example(route: dict[str, Any]) -> str:
    """Of its body, as one would write it."""
    content = route.get("requestBody", {}).get("content", {}).get("application/json", {})
    given = next(iter(content.get("examples", {}).values()), None)
    return msgspec.json.encode(given["value"]).decode() if given else ""
