"""The page's server: uvicorn in a thread of its own, beside the workers.

The port is taken before anything starts, so that one in use is told at once. Ending takes at most
a second, whoever still listens to events.
"""

import gc
import socket
import threading
from collections.abc import Callable
from typing import Any

import uvicorn

from movie_sync.errors import ConfigError

BACKLOG = 512
END_WITHIN_S = 1  # for answers under way; then they are broken off


class WebServer:
    """Serves one ASGI application.

    Args:
        end: told first when it is to stop, so that endless answers end by themselves.

    Raises:
        ConfigError: the address cannot be had; nothing was started.
    """

    def __init__(self, host: str, port: int, app: Any, end: Callable[[], None]) -> None:
        self._end = end
        self._socket = _bound(host, port)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            loop="asyncio",
            log_config=None,
            access_log=False,
            proxy_headers=False,  # who is believed is decided by the guard
            server_header=False,
            timeout_graceful_shutdown=END_WITHIN_S,
            timeout_keep_alive=15,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="web", daemon=True)

    def start(self) -> None:
        # What is there by now stays; looking through 20,000 films for garbage would take 0.1 s.
        gc.collect()
        gc.freeze()
        self._thread.start()

    def close(self) -> None:
        self._end()
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(END_WITHIN_S + 1.0)
        self._socket.close()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its protocol asyncio knows that it may not hold back small packets.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        made.close()
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigError(
            f"the page cannot be served at {host}, port {port} ({why}); nothing was started; "
            "set web.port or --web-port to another one"
        ) from error
    return made
