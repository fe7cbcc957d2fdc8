import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from movie_sync.credentials import Credentials
from movie_sync.demo.trakt_site import TraktSite
from movie_sync.errors import FilesError, LoggedOut, NotAuthorised, Unavailable
from movie_sync.http import Http
from movie_sync.login_models import Tokens
from movie_sync.login_tokens import REST_S, LoginTokens
from tests import make
from tests.token_user import tokens as tokens_of_trakt

NOON = make.NOON.timestamp()
WEEK_S = 7 * 86_400.0
HALF = NOON + WEEK_S / 2
END = NOON + WEEK_S


class Giver:
    """Gives tokens whose refresh token is good for one use."""

    def __init__(self) -> None:
        self.now, self.asked, self.number = NOON, [], 0
        self.error: Exception | None = None
        self.loses = False  # the answer is lost after the tokens were changed
        self.good = ""
        self.slow_s = 0.0
        self._lock = threading.Lock()

    def clock(self) -> float:
        return self.now

    def first(self) -> Tokens:
        self.number += 1
        self.good = f"refresh-{self.number}"
        return Tokens(
            access=f"access-{self.number}", refresh=self.good, got_at=self.now,
            ends_at=self.now + WEEK_S,
        )  # fmt: skip

    def renew(self, tokens: Tokens) -> Tokens:
        with self._lock:
            self.asked.append(tokens.refresh)
            time.sleep(self.slow_s)
            if self.error:
                raise self.error
            if tokens.refresh != self.good:
                raise LoggedOut("trakt", "the login is of no use any more (invalid grant)")
            new = self.first()
            if self.loses:
                raise Unavailable("trakt", "the answer broke off")
            return new


class FullDisk(Credentials):
    """A vault that cannot be written from the nth time on."""

    def __init__(self, home: Path, writes: int) -> None:
        super().__init__(home, {})
        self.writes = writes

    def keep(self, name: str, secret: str) -> None:
        if self.writes <= 0:
            raise FilesError("the disk is full; it is as it was")
        self.writes -= 1
        super().keep(name, secret)


@pytest.fixture
def giver():
    return Giver()


@pytest.fixture
def held(tmp_path, giver):
    """The login as another process finds it."""

    def start(vault: Credentials | None = None, client_id: str = "ours") -> LoginTokens:
        return LoginTokens(
            vault or Credentials(tmp_path, {}), tmp_path, "trakt", giver.renew,
            log_in='"history trakt login"', client_id=client_id, clock=giver.clock,
        )  # fmt: skip

    start().store(giver.first())
    return start


def test_nobody_is_logged_in_at_first(tmp_path, giver):
    login = LoginTokens(Credentials(tmp_path, {}), tmp_path, "trakt", giver.renew, log_in='"x"')
    with pytest.raises(NotAuthorised, match='nobody is logged in; "x" does it'):
        login.access()
    assert login.state().needs_login


def test_tokens_are_renewed_at_half_their_life_and_stored_before_they_are_used(held, giver):
    giver.now = HALF - 1
    assert held().access() == "access-1"
    assert giver.asked == []
    giver.now = HALF
    assert held().access() == "access-2"
    assert held().access() == "access-2"
    assert giver.asked == ["refresh-1"]
    assert held().state().sentence == "logged in"


def test_two_programs_never_use_one_token_twice(held, giver):
    first, second = held(), held()
    assert first.access() == second.access() == "access-1"
    giver.now = HALF
    assert first.access() == second.access() == "access-2"
    assert giver.asked == ["refresh-1"]


def test_threads_that_need_new_tokens_at_once_ask_once(held, giver):
    giver.now, giver.slow_s = END + 1, 0.02
    login, found = held(), []
    threads = [threading.Thread(target=lambda: found.append(login.access())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["access-2"] * 8
    assert giver.asked == ["refresh-1"]


def test_an_outage_while_tokens_are_good_stops_nothing(held, giver):
    login = held()
    giver.now, giver.error = HALF, Unavailable("trakt", "no answer in time")
    for _ in range(3):
        assert login.access() == "access-1"
    assert len(giver.asked) == 1  # it rests
    giver.now += REST_S
    giver.error = None
    assert login.access() == "access-2"


def test_an_outage_when_tokens_have_ended_is_one_and_no_refusal(held, giver):
    giver.now, giver.error = END, Unavailable("trakt", "no answer in time")
    with pytest.raises(Unavailable):
        held().access()
    giver.error = None
    assert held().access() == "access-2"


def test_a_refused_refresh_token_is_not_tried_again_and_a_person_is_asked(held, giver):
    giver.now, giver.good = HALF, "another"
    for _ in range(3):
        assert held().access() == "access-1"  # it is good for days
    state = held().state()
    assert state.needs_login
    assert "log in again before 2026-01-12 12:00 UTC" in state.sentence
    giver.now = END
    for _ in range(3):
        with pytest.raises(NotAuthorised, match=r'invalid grant.*log in again: "history trakt'):
            held().access()
    assert len(giver.asked) == 1
    held().store(giver.first())
    assert not held().state().needs_login
    assert held().access() == "access-2"


def test_a_wrong_secret_of_the_application_ends_no_login(held, giver):
    giver.now, giver.error = END, NotAuthorised("trakt", "the application was refused (403)")
    for _ in range(2):
        with pytest.raises(NotAuthorised, match="the application was refused") as caught:
            held().access()
        assert not isinstance(caught.value, LoggedOut)
    giver.error = None
    assert held().access() == "access-2"


def test_a_refused_access_token_is_renewed_once(held, giver):
    login = held()
    assert login.renewed("access-1") == "access-2"
    assert held().renewed("access-1") == "access-2"  # another did it
    assert giver.asked == ["refresh-1"]


def test_tokens_that_are_refused_when_new_are_not_renewed_for_ever(held, giver):
    login, access = held(), "access-1"
    for _ in range(3):
        access = login.renewed(access)
    with pytest.raises(NotAuthorised, match="refuses tokens that are new"):
        login.renewed(access)
    assert len(giver.asked) == 3


def test_a_refused_access_token_that_cannot_be_renewed_ends_the_login(held, giver):
    giver.good = "another"
    with pytest.raises(NotAuthorised, match="log in again"):
        held().renewed("access-1")
    with pytest.raises(NotAuthorised, match="log in again"):
        held().access()
    assert len(giver.asked) == 1
    assert held().state().needs_login


def test_a_lost_answer_logs_nobody_out_while_the_old_token_is_good(held, giver):
    login = held()
    giver.now, giver.loses = HALF, True
    assert login.access() == "access-1"
    giver.loses = False
    giver.now += REST_S
    assert login.access() == "access-1"  # the old refresh token was tried, and is used up
    state = held().state()
    assert state.needs_login
    assert "new tokens were asked for at 2026-01-09 00:00 UTC and lost" in state.sentence
    assert giver.asked == ["refresh-1", "refresh-1"]


def test_a_full_disk_before_asking_uses_up_no_token(held, giver, tmp_path):
    giver.now = END
    with pytest.raises(FilesError):
        held(FullDisk(tmp_path, 0)).access()
    assert giver.asked == []
    assert held().access() == "access-2"


def test_new_tokens_that_cannot_be_stored_are_kept_until_they_can(held, giver, tmp_path):
    vault = FullDisk(tmp_path, 1)
    login = held(vault)
    giver.now = END
    with pytest.raises(FilesError):
        login.access()
    assert giver.asked == ["refresh-1"]
    vault.writes = 9
    assert login.access() == "access-2"
    assert held().access() == "access-2"
    assert giver.asked == ["refresh-1"]


def test_new_tokens_that_wait_to_be_stored_answer_a_refusal_of_the_old(held, giver, tmp_path):
    vault = FullDisk(tmp_path, 1)
    login = held(vault)
    giver.now = HALF
    assert login.access() == "access-1"
    vault.writes = 9
    assert login.renewed("access-1") == "access-2"
    assert giver.asked == ["refresh-1"]


def test_tokens_of_another_client_are_of_no_use(held, giver):
    with pytest.raises(NotAuthorised, match="another client id"):
        held(client_id="theirs").access()
    assert held().access() == "access-1"


def test_who_logs_out_is_logged_out_even_if_trakt_cannot_be_told(held, giver):
    revoked = []

    def fails(tokens):
        revoked.append(tokens.access)
        raise Unavailable("trakt", "no answer in time")

    assert isinstance(held().forget(fails), Unavailable)
    assert revoked == ["access-1"]
    with pytest.raises(NotAuthorised, match="nobody is logged in"):
        held().access()


def test_tokens_are_hidden_as_secrets_and_stand_in_no_plain_file(tmp_path, giver):
    heard = []
    vault = Credentials(tmp_path, {}, heard.append)
    login = LoginTokens(vault, tmp_path, "trakt", giver.renew, log_in='"x"', clock=giver.clock)
    login.store(giver.first())
    assert login.access() == "access-1"
    assert {"access-1", "refresh-1"} <= set(heard)
    for path in tmp_path.iterdir():
        assert b"refresh-1" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_no_variable_stands_in_for_tokens_that_change(tmp_path, giver, held):
    environ = {"MOVIE_SYNC_TRAKT__TOKENS": "from outside"}
    assert held(Credentials(tmp_path, environ)).access() == "access-1"


def test_a_credential_that_is_set_meanwhile_is_not_lost(held, giver, tmp_path):
    others = Credentials(tmp_path, {})
    login = held()

    def renew_often():
        for _ in range(20):
            giver.now += WEEK_S
            login.access()

    thread = threading.Thread(target=renew_often)
    thread.start()
    for number in range(20):
        others.set("tmdb.api_key", f"key-{number}")
    thread.join()
    assert others.get("tmdb.api_key") == "key-19"
    assert held().access() == "access-21"


@pytest.fixture
def logged_in(tmp_path):
    """A Trakt whose tokens live for a second, and the start of a program that uses them."""
    started = []

    def start(grace):
        site = TraktSite(grace=grace)
        site.gate.lives_s = 1
        site.start()
        started.append(site)
        with_http = Http("trakt", site.url)
        login = tokens_of_trakt(tmp_path, with_http, site.gate.client_id)
        told = site.gate.grant()
        login.store(Tokens(access=told["access_token"], refresh=told["refresh_token"],
                           got_at=time.time(), ends_at=time.time() + 1))  # fmt: skip
        with_http.close()
        return site

    yield start
    for site in started:
        site.stop()


@pytest.fixture
def program(tmp_path):
    """Starts a program that uses the login; none outlives the test."""
    started = []

    def start(site: TraktSite) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.token_user", str(tmp_path)]
        command += [site.url, site.gate.client_id]
        running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        started.append(running)
        return running

    yield start
    for running in started:
        running.kill()
        running.communicate()


def end(running: subprocess.Popen[str]) -> str:
    """What it said before it was killed; empty where it was never asked to log in."""
    running.send_signal(signal.SIGKILL)
    _, said = running.communicate(timeout=60)
    assert running.returncode == -signal.SIGKILL, said
    return said


def wait_for(site: TraktSite, rotations: int) -> None:
    until = time.monotonic() + 120
    while site.gate.rotations < rotations:
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.slow
def test_programs_beside_each_other_never_use_a_refresh_token_twice(logged_in, program):
    site = logged_in("none")
    programs = [program(site) for _ in range(3)]
    wait_for(site, 6)
    for running in programs:
        end(running)
    assert site.gate.reused == []


@pytest.mark.slow
def test_a_kill_at_any_moment_logs_nobody_out(logged_in, program):
    site = logged_in("until_used")
    chance = random.Random(8)
    for turn in range(12):
        site.slow_login_s = chance.choice([0.0, 0.02, 0.2])
        programs = [program(site) for _ in range(2)]
        wait_for(site, site.gate.rotations + 1)
        time.sleep(chance.uniform(0.0, 1.0))
        for running in programs:
            assert end(running) == "", turn
    site.slow_login_s = 0.0
    last = program(site)
    wait_for(site, site.gate.rotations + 2)
    assert end(last) == ""


def wait_until(true, *, most_s: float = 60) -> None:
    until = time.monotonic() + most_s
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before it is heard", "after it is stored"])
def test_a_kill_outside_of_the_answer_logs_nobody_out_of_the_strictest_service(
    logged_in, program, moment
):
    site = logged_in("none")
    site.gate.lives_s = 100_000
    for _ in range(4):
        site.gate.expire()
        if moment == "before it is heard":
            site.trouble["POST /oauth/token"] = site.says_nothing
        tried, rotated = len(site.asked("/oauth/token")), site.gate.rotations
        running = program(site)
        wait_until(lambda tried=tried: len(site.asked("/oauth/token")) > tried)
        if moment == "after it is stored":
            wait_until(lambda rotated=rotated: site.gate.rotations > rotated)
            used = len(site.asked("/users/settings"))
            wait_until(lambda used=used: len(site.asked("/users/settings")) > used)
        assert end(running) == ""
        site.trouble.clear()
    site.gate.expire()
    rotated = site.gate.rotations
    running = program(site)
    wait_for(site, rotated + 1)
    assert end(running) == ""
    assert site.gate.reused == []
