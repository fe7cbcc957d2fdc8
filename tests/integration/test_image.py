"""The image, really built by buildah, and the program in it. What it is built upon, and what pip
installs into it, must be at hand: `buildah pull docker.io/library/python:3.13-slim`."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BASE, IMAGE = "docker.io/library/python:3.13-slim", "localhost/movie-sync:test"

# Beats, is well, ends within a second, and can write nowhere but where it should.
INSIDE = """
test "$(id -u)" = 1000 || exit 11
if touch /opt/movie-sync/bin/x 2>/dev/null; then exit 12; fi
movie-sync status --health && exit 13
movie-sync & program=$!
for _ in $(seq 60); do
    sleep 1
    movie-sync status --health && break
done || exit 14
kill -TERM $program
wait $program || exit 15
test -s /config/queue_pending.json || exit 16
movie-sync demo --films 1 --json --keep /data/demo
"""


def buildah(*words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BUILDAH_ISOLATION": "chroot"}
    return subprocess.run(
        ["buildah", *words], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False, timeout=280,
    )  # fmt: skip


@pytest.fixture(scope="module")
def container(tmp_path_factory) -> Iterator[str]:
    if shutil.which("buildah") is None:
        pytest.skip("buildah is not installed, so NO image is built: apt-get install buildah crun")
    if buildah("inspect", "--type", "image", BASE).returncode:
        pytest.skip(f"{BASE} is not here, so NO image is built: buildah pull {BASE}")
    policy = tmp_path_factory.mktemp("buildah") / "policy.json"
    policy.write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    trust = ("--signature-policy", policy, "--pull=never")
    built = buildah("build", *trust, "--network", "host", "--format", "docker", "-t", IMAGE, ".")
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    made = buildah("from", *trust, IMAGE)
    assert made.returncode == 0, made.stderr
    yield made.stdout.strip()
    buildah("rm", made.stdout.strip())
    buildah("rmi", IMAGE)


def test_the_program_runs_in_its_image(container):
    done = buildah("run", container, "--", "sh", "-c", INSIDE)
    assert done.returncode == 0, f"{done.returncode}: {done.stdout}{done.stderr}"


def test_the_image_says_how_its_health_is_asked(container):
    told = buildah("inspect", "--type", "container", container).stdout
    assert '"status"' in told
    assert '"--health"' in told
