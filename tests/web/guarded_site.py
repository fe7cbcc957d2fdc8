"""A small site behind the guard, and two ways to ask it: over a real connection, and in memory."""

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import jinja2
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from movie_sync.access import Access
from movie_sync.passwords import Cost
from movie_sync.web.guard import Guard, base_path
from movie_sync.web.login import router
from movie_sync.web.render import FOLDER
from movie_sync.web_settings import Web

PASSWORD = "correct horse"
QUICK = Cost(4, 8, 1)
BASE = "<title>{% block title %}{% endblock %}</title>{% block main %}{% endblock %}"
FORM = "application/x-www-form-urlencoded"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]  # names in small letters
    text: str

    @property
    def cookie(self):
        return self.headers["set-cookie"].partition(";")[0]


def access_of(home):
    return Access(home, cost=QUICK)


def small_app(access, web, limit=None):
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.DictLoader({"base.html": BASE}),
                jinja2.FileSystemLoader(FOLDER / "templates"),
            ]
        ),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.install_null_translations(newstyle=True)

    def page(request, name, *, status=200, **context):
        text = environment.get_template(name).render(context, request=request)
        return HTMLResponse(text, status)

    app, base = FastAPI(openapi_url=None), base_path(web)
    app.include_router(router(access, web, page, limit), prefix=base)

    @app.get(f"{base}/stream")
    def stream():
        return StreamingResponse(endless(), media_type="text/event-stream")

    @app.get(f"{base}/fault")
    def fault():
        raise ZeroDivisionError

    @app.post(f"{base}/length")
    async def length(request: Request):
        return len(await request.body())

    @app.api_route(f"{base}/{{path:path}}", methods=["GET", "POST", "PUT", "DELETE"])
    def echo(request: Request):
        visitor = request.state.access
        return {
            "path": request.url.path, "who": visitor.who, "name": visitor.name,
            "csrf": visitor.csrf,
            "address": visitor.address, "scheme": request.url.scheme,
            "host": request.headers.get("host"), "names": sorted(request.headers),
        }  # fmt: skip

    return app


async def endless():
    for _ in range(10_000):
        yield b"data: tick\n\n"
        await asyncio.sleep(0.02)


def guard(home, web=Web(), bound_host=None, **options):  # noqa: B008 - frozen
    access = access_of(home)
    limit = options.pop("limit", None)
    app = small_app(access, web, limit)
    return Guard(app, access, web, bound_host or web.host, **options)


@contextmanager
def served(app, host="127.0.0.1") -> Iterator[int]:
    """The port of a real server."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listening:
        server = uvicorn.Server(
            uvicorn.Config(app, ws="none", log_config=None, access_log=False,
                           proxy_headers=False, server_header=False, timeout_graceful_shutdown=1)
        )  # fmt: skip
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def ask(
    port, method="GET", path="/wanted", *, at="127.0.0.1", source=None, body=None, **headers
) -> Answer:
    """Over a real connection. A header of None is left out; `_` in a name is `-`."""
    source_address = (source, 0) if source else None
    connection = http.client.HTTPConnection(at, port, 60, source_address)
    try:
        shown = f"[{at}]" if ":" in at else at
        named = {"host": f"{shown}:{port}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in named.items():
            if value is not None:
                connection.putheader(name, value.format(port=port))
        content = (body or "").encode()
        if method not in ("GET", "HEAD"):
            connection.putheader("content-length", str(len(content)))
        connection.endheaders(content)
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, answer.read().decode())
    finally:
        connection.close()


def ask_in_memory(
    app, method="GET", path="/wanted", *, client="192.0.2.7", body="", scheme="http", **headers
) -> Answer:
    """As if a connection came from any address."""
    named: dict[str, Any] = {"host": "192.0.2.1:5000"} | headers
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [
            (name.replace("_", "-").encode(), value.encode("latin-1"))
            for name, value in named.items()
            if value is not None
        ],
        "client": (client, 4711) if client else None,
        "server": ("192.0.2.1", 5000),
    }
    coming = [{"type": "http.request", "body": body.encode(), "more_body": False}]
    sent: list[dict[str, Any]] = []

    async def receive():
        return coming.pop(0) if coming else await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    told = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    return Answer(sent[0]["status"], told, text)
