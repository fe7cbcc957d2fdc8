"""A PostgreSQL that belongs to the tests alone: on loopback, in a folder of its own, with a
password, and gone with the last test."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Self

import psycopg

from tests.wire import free_port

PASSWORD = "a secret: with/odd@signs?"
NAME = "movie_sync"
READY_S = 60.0


def binaries() -> Path | None:
    """Where PostgreSQL's programs are; None where they are not."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    folders = [*places, *([Path(found).parent] if found else [])]
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, so that a test as root starts it as another user."""
    if os.geteuid():
        return {}
    user = next((one for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody")), None)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


class Cluster:
    def __init__(self, programs: Path) -> None:
        self._programs, self._as = programs, unprivileged()
        self._folder = Path(tempfile.mkdtemp(prefix="movie_sync-postgresql-"))
        self._made = 0

    def __enter__(self) -> Self:
        secret = self._folder / "password"
        secret.write_text(PASSWORD)
        if self._as:
            for path in (self._folder, secret):
                os.chown(path, self._as["user"], self._as["group"])
        data = self._folder / "data"
        options = ["-D", data, "-U", NAME, "-A", "scram-sha-256", f"--pwfile={secret}"]
        subprocess.run(
            [self._programs / "initdb", *options, "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True, capture_output=True, cwd=self._folder, **self._as,
        )  # fmt: skip
        self.port = free_port()
        self._log = (self._folder / "log").open("wb")
        self._server = subprocess.Popen(
            [self._programs / "postgres", "-D", data, "-p", str(self.port), "-h", "127.0.0.1",
             "-k", self._folder, "-c", "fsync=off"],
            stdout=self._log, stderr=self._log, cwd=self._folder, **self._as,
        )  # fmt: skip
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.terminate()
        self._server.wait(60)
        self._log.close()
        shutil.rmtree(self._folder)

    def new_database(self) -> tuple[str, str]:
        """The address of an empty one, and the password."""
        self._made += 1
        name = f"library_{self._made}"
        with self._connection() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql://{NAME}@127.0.0.1:{self.port}/{name}", PASSWORD

    def cut_connections(self) -> None:
        with self._connection() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname LIKE 'library_%' AND pid <> pg_backend_pid()"
            )

    def _connection(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=NAME, password=PASSWORD, dbname="postgres",
            autocommit=True,
        )  # fmt: skip

    def _wait(self) -> None:
        until = time.monotonic() + READY_S
        while True:
            try:
                self._connection().close()
            except psycopg.OperationalError:
                if time.monotonic() > until or self._server.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return
