"""The socket in the home folder by which commands speak to the running program.

One JSON object a connection each way: `{"do": "retry", "id": "film:..."}`, answered by
`{"ok": true, ...}` or `{"ok": false, "error": "a sentence"}`. Only the folder's owner can reach it.
"""

import errno
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from movie_sync.errors import MovieSyncError, QueueError

log = logging.getLogger(__name__)

NAME = "control.sock"
ANSWER_S = 10.0  # the longest that a command waits for us
REQUEST_S = 2.0  # and that we wait for a command
LONGEST_BYTES = 64 * 1024 * 1024  # an import of 100,000 films fits
WAITING = 64  # commands

Answer = dict[str, Any]
Handler = Callable[[dict[str, Any]], Answer]


class Server:
    """Answers one request after another; a command that dawdles holds up no other."""

    def __init__(self, home: Path, answer: Handler, *, request_s: float = REQUEST_S) -> None:
        self._home, self._answer, self._request_s = home, answer, request_s
        self._turn = threading.Lock()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        (home / NAME).unlink(missing_ok=True)  # the home's lock is ours, so nobody listens there
        try:
            with _short_path(home) as path:
                self._socket.bind(path)
            (home / NAME).chmod(0o600)
            self._socket.listen(WAITING)
        except OSError:
            self._socket.close()
            raise
        self._thread = threading.Thread(target=self._serve, name="control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # ends the accept that the thread sits in
        self._thread.join()
        self._socket.close()
        (self._home / NAME).unlink(missing_ok=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            # A thread for each, so that a fault in the answering of one ends no other.
            threading.Thread(
                target=self._reply, args=(connection,), name="control-reply", daemon=True
            ).start()

    def _reply(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(self._request_s)
            try:
                text = _receive(connection)
                connection.settimeout(ANSWER_S)
                connection.sendall(msgspec.json.encode(self._answer_to(text)))
            except OSError as error:
                log.debug("control: a command hung up: %s", error)

    def _answer_to(self, text: bytes) -> Answer:
        try:
            request = msgspec.json.decode(text, type=dict[str, Any])
            with self._turn:
                return {"ok": True, **self._answer(request)}
        except MovieSyncError as error:
            return {"ok": False, "error": str(error)}
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            return {"ok": False, "error": f"the request is not understood: {error}"}


def ask(home: Path, *, answer_s: float = ANSWER_S, **request: Any) -> Answer | None:
    """The answer of the running program, or None when none runs.

    Raises:
        QueueError: it runs, and does not answer or refused; the message says which.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as out:
        out.settimeout(answer_s)
        try:
            with _short_path(home) as path:
                out.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError as error:
            raise QueueError(
                f"the running program cannot be reached ({error.strerror}); nothing was changed"
            ) from error
        try:
            out.sendall(msgspec.json.encode(request))
            out.shutdown(socket.SHUT_WR)
            answer: Answer = msgspec.json.decode(_receive(out), type=dict[str, Any])
        except (OSError, msgspec.MsgspecError) as error:
            raise QueueError(
                "the running program did not answer; `queue list` shows whether it was done"
            ) from error
    if not answer.get("ok"):
        raise QueueError(str(answer.get("error")))
    return answer


def _receive(connection: socket.socket) -> bytes:
    """Everything until the other side has no more to say. Raises OSError."""
    parts: list[bytes] = []
    size_bytes = 0
    while part := connection.recv(65536):
        parts.append(part)
        size_bytes += len(part)
        if size_bytes > LONGEST_BYTES:
            raise OSError(errno.EMSGSIZE, f"more than {LONGEST_BYTES} bytes")
    return b"".join(parts)


@contextmanager
def _short_path(home: Path) -> Iterator[str]:
    """The socket's address; a path of over 107 bytes would not fit into one."""
    folder = os.open(home, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{NAME}"
    finally:
        os.close(folder)
