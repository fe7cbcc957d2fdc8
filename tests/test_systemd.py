import os
import socket

import pytest

from movie_sync.systemd import notify, watchdog_s


@pytest.fixture
def systemd():
    """A socket as systemd would listen on; its address changes by test."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.settimeout(60)
        yield listener


def test_what_is_told_arrives(systemd, tmp_path):
    address = str(tmp_path / "notify")
    systemd.bind(address)
    assert notify("WATCHDOG=1\nSTATUS=3 pending", {"NOTIFY_SOCKET": address}) is True
    assert systemd.recv(100) == b"WATCHDOG=1\nSTATUS=3 pending"


def test_an_address_without_a_file_is_understood(systemd):
    name = f"movie_sync-test-{os.getpid()}"
    systemd.bind("\0" + name)
    assert notify("READY=1", {"NOTIFY_SOCKET": "@" + name}) is True
    assert systemd.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", [None, "", "relative", "vsock:2:1234"])
def test_without_systemd_nothing_is_said(address):
    assert notify("READY=1", {"NOTIFY_SOCKET": address} if address is not None else {}) is False


@pytest.mark.parametrize("name", ["gone", "not_a_socket"])
def test_a_systemd_that_does_not_listen_is_no_fault(tmp_path, name):
    (tmp_path / "not_a_socket").touch()
    assert notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / name)}) is False


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "60000000"}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": ""}, None),
    ],
)
def test_the_watchdog_is_told_twice_as_often_as_it_asks(environ, seconds):
    assert watchdog_s(environ) == seconds
