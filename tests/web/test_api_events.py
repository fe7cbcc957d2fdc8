import socket
import threading
import time
from pathlib import Path

import pytest

from tests.web.site import Site

pytestmark = pytest.mark.slow  # each asks a whole program with its page

LISTENERS = 200
HEARD_WITHIN_S = 60.0  # it is said within seconds, and then or never
STOP_WITHIN_S = 20.0


class Listener:
    """One connection to the events, whose bytes are read as they come."""

    def __init__(self, site, path="/api/v1/events"):
        host, port = site.server.address.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), 60)
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"Authorization: Bearer {site.key}\r\n\r\n".encode()
        )
        self.heard = b""

    def until(self, what, within_s=HEARD_WITHIN_S):
        deadline = time.monotonic() + within_s
        while what not in self.heard:
            self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
            more = self.socket.recv(65536)
            assert more, f"ended before {what}: {self.heard[-200:]}"
            self.heard += more
        return self

    def until_its_end(self):
        self.socket.settimeout(60)
        while more := self.socket.recv(65536):
            self.heard += more

    def close(self):
        self.socket.close()


def memory_mb():
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def test_a_listener_hears_what_changes_and_that_the_program_ends(tmp_path):
    with Site(tmp_path) as site:
        listener = Listener(site).until(b"event: hello")
        assert b"text/event-stream" in listener.heard
        site.post("/api/v1/wanted", json={"title": "M (1931)"})
        listener.until(b"event: films", HEARD_WITHIN_S)
    listener.until_its_end()
    assert b"event: bye" in listener.heard
    listener.close()


@pytest.mark.slow
def test_200_listeners_all_hear_a_change_and_hold_up_no_end(tmp_path):
    with Site(tmp_path) as site:
        before_mb = memory_mb()
        listeners = [Listener(site) for _ in range(LISTENERS)]
        for listener in listeners:
            listener.until(b"event: hello")
        assert site.get("/metrics").text.count(f"movie_sync_event_listeners {LISTENERS}.0") == 1
        site.post("/api/v1/wanted", json={"title": "M (1931)"})
        began_s = time.monotonic()
        for listener in listeners:
            listener.until(b"event: films", began_s + HEARD_WITHIN_S - time.monotonic())
        grown_mb = memory_mb() - before_mb
        reading = [threading.Thread(target=each.until_its_end) for each in listeners]
        for thread in reading:
            thread.start()
        ends_s = time.monotonic()
    took_s = time.monotonic() - ends_s
    for thread, listener in zip(reading, listeners, strict=True):
        thread.join()
        listener.close()
    assert took_s < STOP_WITHIN_S
    assert grown_mb < 40
