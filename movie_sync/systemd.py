"""Telling systemd that the program is ready, alive, or stopping; silent where it did not ask.

Source: sd_notify(3). One datagram to the socket named by NOTIFY_SOCKET.
"""

import os
import socket
from collections.abc import Mapping


def notify(message: str, environ: Mapping[str, str] = os.environ) -> bool:
    """Send "READY=1" and the like; False when systemd does not listen."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
        try:
            out.connect("\0" + address[1:] if address[0] == "@" else address)
            out.sendall(message.encode())
        except OSError:
            return False
    return True


def watchdog_s(environ: Mapping[str, str] = os.environ) -> float | None:
    """How often systemd wants to hear that we live: half of its patience, in seconds."""
    usec = environ.get("WATCHDOG_USEC", "")
    for_us = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    return int(usec) / 2e6 if usec.isdigit() and for_us else None
