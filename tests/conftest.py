import gc
import ipaddress
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from movie_sync.queues import QueueManager

# How long an example takes says something of the machine, nothing of the program.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")
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
gc.disable()  # while tests are collected, which all stay


def pytest_collection_finish():
    gc.freeze()  # so that no collection looks through thousands of tests again
    gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """What needs a database is slow by the thousand."""
    for item in items:
        if "db" in getattr(item, "fixturenames", ()):
            item.add_marker("slow")


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


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL of its own, for as long as the tests run."""
    from tests.postgresql import Cluster, binaries

    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL is not installed: the store is NOT tested with it")
    with Cluster(folder) as started:
        yield started


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory):
    """A new database, to be copied: its tables are made but once."""
    from movie_sync.db import Database

    path = tmp_path_factory.mktemp("empty") / "library.db"
    Database(path, backup=None).close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def db(request, tmp_path):
    """An empty database of either kind."""
    from movie_sync.db import Database

    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("empty_library"), tmp_path / "library.db")
        opened = Database(path, backup=None)
    else:
        url, password = request.getfixturevalue("cluster").new_database()
        opened = Database(url, backup=None, password=password)
    yield opened
    opened.close()


SLOW_AS_A_WHOLE = re.compile(rb"^pytestmark = (\[\s*)?pytest\.mark\.slow", re.MULTILINE)
# Folders whose tests speak to servers, or run commands.
WITH_SERVERS = {"services", "demo", "cli", "web"}


def pytest_ignore_collect(collection_path, config):
    """What is slow as a whole is not even imported where nothing slow is asked for."""
    if config.option.markexpr != "not slow":
        return None
    if collection_path.name in WITH_SERVERS and collection_path.parent.name == "tests":
        return True
    is_module = collection_path.suffix == ".py"
    return True if is_module and SLOW_AS_A_WHOLE.search(collection_path.read_bytes()) else None
