"""A server on loopback that says exactly the bytes it is given, well-formed or not.

No test limits how long an answer may take: a machine may stand still for seconds. Only where none
will ever come is an `Http` `HASTY`, or a `Waiting` one from the moment that nothing more comes.
"""

import gzip
import random
import re
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Self

import requests

from movie_sync.http import Http

Script = Callable[[socket.socket, threading.Event], None]
HASTY = (20.0, 0.2)  # seconds to connect, and between two bytes of an answer


class Waiting(Http):
    """Waits for an answer as long as it takes, while it is `patient`."""

    def __init__(self, *where: str, **options: Any) -> None:
        super().__init__(*where, **options)
        self.patient, self._hasty = True, Http(*where, **options, timeout_s=HASTY)

    def get(self, path: str, **options: Any) -> requests.Response:
        return super().get(path, **options) if self.patient else self._hasty.get(path, **options)

    def post(self, path: str, body: bytes, **options: Any) -> requests.Response:
        post = super().post if self.patient else self._hasty.post
        return post(path, body, **options)

    def close(self) -> None:
        super().close()
        self._hasty.close()


def free_port() -> int:
    """One for a program that must be told which: below those that anybody is given by chance."""
    while True:
        port = random.SystemRandom().randrange(10_000, 32_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def answer(
    status: int = 200, body: bytes = b"[]", content_type: str = "application/json", **headers: str
) -> bytes:
    """A whole answer; `Retry_After="60"` becomes a header, and may replace another one."""
    named = {"Content-Length": str(len(body)), "Content-Type": content_type}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} X", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


BROKEN_OFF = answer(200, b'[{"id": 1,', Content_Length="5000", Connection="close")
HUNG_UP = b""


def silence(connection: socket.socket, stop: threading.Event) -> None:
    stop.wait()


def stuck(connection: socket.socket, stop: threading.Event) -> None:
    """Begins an answer, and says no more."""
    connection.sendall(answer(200, b"[", Content_Length="5000"))
    stop.wait()


def endless(connection: socket.socket, stop: threading.Event) -> None:
    connection.sendall(answer(200, b"", Content_Length=str(1 << 40)))
    while not stop.is_set():
        connection.sendall(bytes(1 << 20))


def drip(connection: socket.socket, stop: threading.Event) -> None:
    connection.sendall(answer(200, b"", Content_Length="5000"))
    while not stop.wait(0.02):
        connection.sendall(b" ")


def reset(connection: socket.socket, stop: threading.Event) -> None:
    """Begins an answer, and ends the connection with an RST."""
    connection.sendall(answer(200, b"[", Content_Length="5000"))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def huge(connection: socket.socket, stop: threading.Event) -> None:
    """100 MB, as many as it says."""
    connection.sendall(answer(200, b"", Content_Length=str(100 << 20)))
    for _ in range(100):
        connection.sendall(b" " * (1 << 20))


def bomb() -> bytes:
    """1 GiB in 1 MiB."""
    body = gzip.compress(b" " * (16 << 20)) * 64
    return answer(200, body, Content_Encoding="gzip")


class Server:
    """Gives the answers in turn, the last one again and again. Bytes are said; a script acts."""

    def __init__(self, *answers: bytes | Script) -> None:
        self._answers = list(answers)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=32)
        self.url = "http://127.0.0.1:{1}".format(*self._listening.getsockname())
        self.heads: list[str] = []  # of the requests that came
        self.connections: list[socket.socket] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for opened in (self._listening, *self.connections):
            with suppress(OSError):  # the client has gone
                opened.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for opened in (self._listening, *self.connections):
            opened.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._stop.is_set():
                connection, _ = self._listening.accept()
                self.connections.append(connection)
                self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            while head := _head(connection):
                self.heads.append(head)
                given = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
                if not isinstance(given, bytes):
                    given(connection, self._stop)
                    break
                connection.sendall(given)
                if not given or b"Connection: close" in given:
                    break
            connection.shutdown(socket.SHUT_RDWR)


def _head(connection: socket.socket) -> str:
    """The head of one request, its body read and dropped; empty when the client has gone."""
    return message_of(connection).partition(b"\r\n\r\n")[0].decode()


def message_of(connection: socket.socket) -> bytes:
    """One whole request or answer; empty when the other side has gone."""
    read = b""
    while b"\r\n\r\n" not in read:
        more = connection.recv(4096)
        if not more:
            return b""
        read += more
    head, _, body = read.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        more = connection.recv(65536)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body
