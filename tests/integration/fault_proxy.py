"""Stands between a client and a server on loopback, and spoils what goes through it."""

import random
import socket
import struct
import threading
from contextlib import suppress
from typing import Self

from tests.wire import answer, message_of

KINDS = (
    "well",
    "late",
    "reset before it is asked",
    "reset after it was done",
    "half an answer",
    "500",
    "500 although it was done",
    "another form",
)
LATE_S = 1.0


class FaultProxy:
    """Passes each call on, or spoils it in one of these ways.

    Args:
        kinds: drawn from by chance for each call; may be set anew at any time.
    """

    def __init__(self, port: int, kinds: tuple[str, ...] = ("well",), seed: int = 7) -> None:
        self.kinds, self.spoiled = kinds, dict.fromkeys(KINDS, 0)
        self._port, self._chance = port, random.Random(seed)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=32)
        self.url = "http://127.0.0.1:{1}".format(*self._listening.getsockname())
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while not self._stop.is_set():
                connection, _ = self._listening.accept()
                connection.settimeout(60)
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = message_of(connection)
            if not request:
                return
            kind = self._chance.choice(self.kinds)
            self.spoiled[kind] += 1
            if kind == "late":
                self._stop.wait(LATE_S)
            done = b"" if kind in {"reset before it is asked", "500"} else self._asked(request)
            match kind:
                case "reset before it is asked" | "reset after it was done":
                    linger = struct.pack("ii", 1, 0)
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                case "half an answer":
                    connection.sendall(done[: len(done) // 2])
                case "500" | "500 although it was done":
                    connection.sendall(answer(500, b"spoiled", "text/plain", Connection="close"))
                case "another form":
                    body = b'{"oops": [1, null]}'
                    connection.sendall(answer(200, body, Connection="close"))
                case _:
                    connection.sendall(done)

    def _asked(self, request: bytes) -> bytes:
        """The whole answer of the server, which may keep the connection."""
        here = self.url.rpartition(":")[2].encode()
        head, end, body = request.partition(b"\r\n\r\n")
        # It compares what it is called by with where it listens.
        head = head.replace(b"127.0.0.1:" + here, b"127.0.0.1:%d" % self._port)
        with socket.create_connection(("127.0.0.1", self._port), 60) as server:
            server.sendall(head + end + body)
            return message_of(server)
