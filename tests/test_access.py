import hashlib
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from movie_sync import passwords
from movie_sync.access import Access, allows
from movie_sync.errors import ConfigError, FilesError
from movie_sync.passwords import Cost

PASSWORD = "correct horse"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
QUICK = Cost(4, 8, 1)


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def access(tmp_path, clock):
    return Access(tmp_path, cost=QUICK, now=clock)


def test_nothing_is_made_until_something_is_set(access, tmp_path):
    assert not access.has_password
    assert not access.is_closed
    assert access.keys() == ()
    assert access.session("x") is None
    assert access.key("ms_x") is None
    assert not list(tmp_path.iterdir())


def test_a_password_is_kept_so_that_it_can_be_checked_and_not_read(access, tmp_path):
    access.set_password(PASSWORD)
    again = Access(tmp_path)
    assert again.is_password(PASSWORD)
    assert not again.is_password(PASSWORD + " ")
    assert not again.is_password("")
    assert PASSWORD not in (tmp_path / "access.json").read_text()
    assert stat.S_IMODE((tmp_path / "access.json").stat().st_mode) == 0o600


def test_an_accented_letter_is_the_same_however_a_keyboard_makes_it(access):
    access.set_password("Zoë Zoë Zoë")
    assert access.is_password("Zoe\u0308 Zoe\u0308 Zoe\u0308")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "a password has 8 to 1024 characters, not 0; nothing was changed"),
        ("1234567", "a password has 8 to 1024 characters, not 7; nothing was changed"),
        ("x" * 1025, "a password has 8 to 1024 characters, not 1025; nothing was changed"),
        ("two\nlines", "a password is one line of text; nothing was changed"),
    ],
)
def test_what_is_no_password_is_not_set(access, tmp_path, password, why):
    with pytest.raises(ConfigError) as refused:
        access.set_password(password)
    assert str(refused.value) == why
    assert not list(tmp_path.iterdir())


def test_the_same_password_is_kept_differently_each_time():
    one, other = (passwords.kept(PASSWORD, QUICK) for _ in range(2))
    assert one != other
    assert passwords.is_it(PASSWORD, one)
    assert passwords.is_it(PASSWORD, other)


@pytest.mark.slow
def test_a_try_costs_as_much_where_no_password_is_set():
    taken = []
    for known in (passwords.kept(PASSWORD), None):
        began = time.thread_time()
        assert not passwords.is_it("wrong", known)
        taken.append(time.thread_time() - began)
    assert min(taken) > 0.02
    assert max(taken) < 3 * min(taken)


def test_a_key_is_shown_once_and_known_by_its_hash(access, tmp_path):
    key, secret = access.add_key(" phone ", "act")
    assert secret.startswith("ms_")
    assert len(secret) > 40
    assert (key.name, key.scope, key.created_at, key.last_used_on) == ("phone", "act", NOON, None)
    again = Access(tmp_path)
    assert again.key(secret) == key == again.keys()[0]
    assert again.key(secret + "x") is None
    assert again.key("") is None
    stored = (tmp_path / "access.json").read_text()
    assert secret not in stored
    assert hashlib.sha256(secret.encode()).hexdigest() in stored


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\nb", "taken"])
def test_a_key_needs_a_name_of_its_own(access, name):
    access.add_key("taken", "read")
    with pytest.raises(ConfigError, match="nothing was changed"):
        access.add_key(name, "read")
    assert len(access.keys()) == 1


def test_a_removed_key_is_refused_at_once_by_the_program_that_runs(access, tmp_path):
    running = Access(tmp_path)
    key, secret = access.add_key("k", "read")
    assert running.key(secret)
    assert access.remove_key(key.id) == key
    assert running.key(secret) is None
    assert access.remove_key(key.id) is None


def test_the_day_of_the_last_use_is_written_once_a_day(access, clock):
    _, secret = access.add_key("k", "read")
    assert access.is_new_today(access.key(secret))
    access.note_use(access.key(secret))
    assert access.key(secret).last_used_on == date(2026, 11, 21)
    assert not access.is_new_today(access.key(secret))
    clock.now += timedelta(days=1)
    assert access.is_new_today(access.key(secret))


def test_each_scope_includes_the_lower_ones():
    table = [[allows(scope, needed) for needed in ("read", "act", "admin")]
             for scope in (None, "read", "act", "admin")]  # fmt: skip
    assert table == [
        [False, False, False],
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_a_session_lasts_its_days_and_outlives_a_restart(access, tmp_path, clock):
    token = access.sign_in(2.0)
    assert token not in (tmp_path / "access.json").read_text()
    clock.now += timedelta(days=1.9)
    assert Access(tmp_path, now=clock).session(token).scope == "admin"
    clock.now += timedelta(days=0.1)
    assert access.session(token) is None


def test_signing_in_again_ends_the_session_before_and_no_other(access):
    first, other = access.sign_in(1), access.sign_in(1)
    second = access.sign_in(1, instead_of=first)
    assert access.session(first) is None
    assert access.session(second)
    assert access.session(other)
    access.sign_out(second)
    assert access.session(second) is None
    assert access.session(other)


@pytest.mark.parametrize("way", ["set_password", "remove_password", "sign_out_everywhere"])
def test_everybody_is_signed_out_at_once(access, clock, way):
    access.set_password(PASSWORD)
    access.sign_in(0.5)
    clock.now += timedelta(days=1)
    tokens = [access.sign_in(1) for _ in range(3)]
    ended = getattr(access, way)(*(["another one"] if way == "set_password" else []))
    assert ended == 3
    assert not any(map(access.session, tokens))


def test_who_came_by_a_key_goes_with_it(access):
    key, _ = access.add_key("k", "read")
    by_key, by_password = access.sign_in(1, key), access.sign_in(1)
    assert access.session(by_key).scope == "read"
    access.remove_key(key.id)
    assert access.session(by_key) is None
    assert access.session(by_password)


def test_of_too_many_sessions_the_oldest_go(access):
    tokens = [access.sign_in(1) for _ in range(53)]
    assert [access.session(token) is not None for token in tokens] == [False] * 3 + [True] * 50


def test_the_token_against_forgery_is_the_visitors_own_and_stays(access, tmp_path):
    token = access.token_against_forgery("here")
    assert Access(tmp_path).token_against_forgery("here") == token
    assert access.token_against_forgery("nobody") != token


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"password": "hunter22"}', '{"secret": "x"}', '{"new": 1}', "\xff"]
)
def test_a_damaged_file_lets_nobody_in_and_is_left_as_it_is(access, tmp_path, text):
    access.set_password(PASSWORD)
    path = tmp_path / "access.json"
    path.write_text(text, encoding="latin-1")
    for ask in (
        lambda: access.has_password,
        lambda: access.is_password(PASSWORD),
        lambda: access.key("ms_x"),
        lambda: access.session("x"),
        lambda: access.set_password(PASSWORD),
    ):
        with pytest.raises(
            ConfigError, match=r"cannot be read .*; nobody is let in; mend it"
        ) as told:
            ask()
        assert "hunter22" not in str(told.value)
    assert path.read_text(encoding="latin-1") == text


def test_what_cannot_be_written_stays_as_it_was(access, tmp_path):
    access.set_password(PASSWORD)
    (tmp_path / "access.json.tmp").mkdir()
    with pytest.raises(FilesError, match=r"cannot be written .*; it is as it was"):
        access.add_key("k", "read")
    assert access.keys() == ()
    assert access.is_password(PASSWORD)


def test_of_eight_at_once_nobody_loses_what_another_wrote(tmp_path):
    def add(number):
        return Access(tmp_path).add_key(f"key {number}", "read")

    with ThreadPoolExecutor(8) as many:
        made = list(many.map(add, range(24)))
    assert {key.id for key, _ in made} == {key.id for key in Access(tmp_path).keys()}  # noqa: SIM118
