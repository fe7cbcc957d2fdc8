import ipaddress
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from movie_sync.queues import QueueManager

# `make test` looks at as many examples as hypothesis thinks right, `make test-fast` at a few.
hypothesis.settings.register_profile("fast", max_examples=10)


def stay_on_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    """A test that reaches for the world outside is wrong, and slow where there is none."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    try:
        local = not host or ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if not local:
        raise RuntimeError(f"a test reaches for {host}; let it speak to loopback only")


sys.addaudithook(stay_on_this_machine)


@pytest.fixture
def queue(tmp_path):
    opened = QueueManager(tmp_path, idle_s=60, sync=lambda descriptor: None)
    yield opened
    opened.close()


@pytest.fixture
def other_disk(tmp_path):
    """A folder on another file system than tmp_path."""
    places = (Path("/dev/shm"), Path(tempfile.gettempdir()), Path(__file__).parent)  # noqa: S108
    for place in places:
        if os.access(place, os.W_OK) and place.stat().st_dev != tmp_path.stat().st_dev:
            with tempfile.TemporaryDirectory(dir=place) as folder:
                yield Path(folder)
            return
    pytest.skip("no second file system here: what lies between two disks is NOT tested")


SLOW_AS_A_WHOLE = re.compile(rb"^pytestmark = (\[\s*)?pytest\.mark\.slow", re.MULTILINE)
WITH_SERVERS = {"services", "demo", "cli"}  # folders whose tests speak to servers, or run commands


def pytest_ignore_collect(collection_path, config):
    """What is slow as a whole is not even imported where nothing slow is asked for."""
    if config.option.markexpr != "not slow":
        return None
    if collection_path.name in WITH_SERVERS and collection_path.parent.name == "tests":
        return True
    is_module = collection_path.suffix == ".py"
    return True if is_module and SLOW_AS_A_WHOLE.search(collection_path.read_bytes()) else None
