"""What went wrong, told on a page to a person and as problem details (RFC 9457) to a program."""

from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from movie_sync import errors

# The status of each kind of error, the nearest kind first.
STATUS: tuple[tuple[type[errors.MovieSyncError], int], ...] = (
    (errors.ConfigError, 422),
    (errors.NotQueued, 404),
    (errors.QueueError, 409),
    (errors.Unavailable, 503),
    (errors.NotFound, 404),
    (errors.ServiceError, 502),
    (errors.FilesError, 500),
)
# Beside the API, addresses that programs ask; some are pages too.
PROGRAMS = {"/state", "/shows", "/trigger", "/refilter"}


def our_problem(request: Request, error: Exception) -> Response:
    """Of an error with a sentence of ours."""
    status = next((number for kind, number in STATUS if isinstance(error, kind)), 500)
    return _problem(request, status, str(error))


def http_problem(request: Request, error: Exception) -> Response:
    """Of a request that nobody answers."""
    assert isinstance(error, HTTPException)
    sentence = error.detail
    if error.status_code == HTTPStatus.NOT_FOUND and sentence == HTTPStatus.NOT_FOUND.phrase:
        sentence = "there is nothing at this address"
    answer = _problem(request, error.status_code, sentence)
    answer.headers.update(error.headers or {})  # as which methods are allowed
    return answer


def fault(request: Request, _: Exception) -> Response:
    """Of a fault in the program, which its log has."""
    return _problem(request, 500, "this is a fault in the program; its log says more")


def problem_json(request: Request, status: int, sentence: str, **more: Any) -> Response:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence,
        "instance": request.url.path,
        **more,
    }
    return Response(msgspec.json.encode(body), status, media_type="application/problem+json")


def _is_for_program(request: Request, base: str) -> bool:
    """Whether no person will read it."""
    path = request.url.path.removeprefix(base)
    asks_page = "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers
    return path.startswith(("/api/", "/lists/")) or (path in PROGRAMS and not asks_page)


def _problem(request: Request, status: int, sentence: str) -> Response:
    desk = request.app.state.desk
    if _is_for_program(request, desk.pages.base):
        return problem_json(request, status, sentence)
    template = "_problem.html" if "hx-request" in request.headers else "problem.html"
    answer: Response = desk.pages.page(
        request, template, status=status, title=HTTPStatus(status).phrase, sentence=sentence
    )
    return answer
