"""A web site on 127.0.0.1 for the demo and the tests: one method, from a request to a reply.

Each request has its own thread and its own connection, and `stop` waits for all of them, so that
nothing outlives the `with` block. It serves GET, HEAD, POST and DELETE, and writes no log.
"""

import socket
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

HTML = "text/html; charset=utf-8"
SILENT_CLIENT_S = 5.0  # a client that connects and says nothing is let go after this


@dataclass(frozen=True)
class Request:
    """What a client asked for. Names in `headers` are found whatever their case."""

    method: str
    path: str  # percent signs decoded
    raw_query: str  # as sent: announces hold bytes that are not text
    headers: Message
    body: bytes = b""

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))


@dataclass(frozen=True)
class Reply:
    """What it is told. A `Content-Length` of its own, beyond the body, breaks the answer off."""

    status: int = 200
    body: bytes = b""
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)


class LoopbackServer(ABC):
    """Subclasses write `answer`. It is called from many threads at once.

    A server that was stopped and is started again has the same address as before.
    """

    def __init__(self) -> None:
        self._port = 0
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.stopping = threading.Event()  # an `answer` that waits should wait on this

    @abstractmethod
    def answer(self, request: Request) -> Reply: ...

    @property
    def url(self) -> str:
        """Without a slash at its end. Known once it has been started."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def port(self) -> int:
        return self._port

    def start(self) -> None:
        self.stopping.clear()
        self._server = _Server(("127.0.0.1", self._port), _handler(self))
        self._port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._serve, args=(self._server,))
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait until its last answer is given."""
        self.stopping.set()
        if self._server and self._thread:
            with suppress(OSError):  # a last caller, so that the thread sees it is to end
                socket.create_connection(("127.0.0.1", self._port), SILENT_CLIENT_S).close()
            self._thread.join()
            self._server.server_close()
        self._server = self._thread = None

    def _serve(self, server: "_Server") -> None:
        while not self.stopping.is_set():
            server.handle_request()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(ThreadingTCPServer):
    # Not http.server's own class: that one asks the resolver for this machine's name first.
    allow_reuse_address = True
    daemon_threads = False  # so that closing waits for them
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no fault of ours; anything else is told on stderr."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def _handler(site: LoopbackServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = SILENT_CLIENT_S
        server_version, sys_version = "movie-sync-demo", ""

        def do_GET(self) -> None:
            address, path = urlsplit(self.path), unquote(urlsplit(self.path).path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            reply = site.answer(Request(self.command, path, address.query, self.headers, body))
            self.send_response(reply.status)
            usual = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.body))}
            for name, value in (usual | dict(reply.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        do_HEAD = do_POST = do_DELETE = do_GET  # noqa: N815 - http.server looks for these names

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: whoever wants to know reads what the site recorded."""

    return Handler
