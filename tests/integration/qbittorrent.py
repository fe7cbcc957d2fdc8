"""A real qbittorrent-nox with a profile of its own, on loopback only.

Source of the settings' names: the qBittorrent.conf that 4.5.2 and 5.3.0 write themselves.
"""

import os
import shutil
import socket
import subprocess
import time
from base64 import b64encode
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Self

from tests.wire import free_port

PROGRAM = "qbittorrent-nox"
MISSING = "qbittorrent-nox is not installed: apt-get install qbittorrent-nox"
READY_WITHIN_S = 60.0
_CONF = r"""[LegalNotice]
Accepted=true

[Preferences]
WebUI\Enabled=true
WebUI\Address=127.0.0.1
WebUI\Port={port}
WebUI\Username={username}
WebUI\Password_PBKDF2="@ByteArray({salt}:{key})"
WebUI\LocalHostAuth=true
WebUI\UseUPnP=false
WebUI\MaxAuthenticationFailCount={logins}
WebUI\BanDuration=3600

[BitTorrent]
Session\Port={peer_port}
Session\Interface=lo
Session\InterfaceName=lo
Session\InterfaceAddress=127.0.0.1
Session\BTProtocol=TCP
Session\DHTEnabled=false
Session\LSDEnabled=false
Session\PeXEnabled=false
Session\MultiConnectionsPerIp=true
Session\SSRFMitigation=false
Session\QueueingSystemEnabled=false
Session\AddExtensionToIncompleteFiles=true
Session\DefaultSavePath={folder}/elsewhere

[Network]
PortForwardingEnabled=false
"""


class RealQBittorrent:
    """Use it in a `with` block. After `stop` it may be started again, with all it had.

    Args:
        logins: it bans an address that has failed so often.
    """

    username, password = "alice", "correct horse 7"

    def __init__(self, folder: Path, *, logins: int = 5) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        salt = os.urandom(16)
        key = pbkdf2_hmac("sha512", self.password.encode(), salt, 100_000, 64)
        conf = folder / "qBittorrent" / "config" / "qBittorrent.conf"
        conf.parent.mkdir(parents=True)
        conf.write_text(
            _CONF.format(
                port=self._port,
                peer_port=free_port(),
                username=self.username,
                salt=b64encode(salt).decode(),
                key=b64encode(key).decode(),
                logins=logins,
                folder=folder,
            )
        )

    @staticmethod
    def installed() -> bool:
        return shutil.which(PROGRAM) is not None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [PROGRAM, f"--profile={self._folder}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": str(self._folder)},
        )
        end = time.monotonic() + READY_WITHIN_S
        while not self._answers():
            assert self._process.poll() is None, f"{PROGRAM} ended at once"
            assert time.monotonic() < end, f"{PROGRAM} was not ready within {READY_WITHIN_S} s"
            time.sleep(0.05)

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(60)
        self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), 20).close()
        except OSError:
            return False
        return True
