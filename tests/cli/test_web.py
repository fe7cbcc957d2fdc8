import json

import pytest

from movie_sync.access import Access
from movie_sync.errors import ConfigError
from tests.cli import call

PASSWORD = "correct horse"


@pytest.mark.slow
def test_a_password_is_set_from_standard_input_and_removed(tmp_path):
    told = call(tmp_path, "web", "password", "--stdin", input=f"{PASSWORD}\n")
    assert told.output == "the password is set\n"
    access = Access(tmp_path)
    assert access.is_password(PASSWORD)
    access.sign_in(1)
    removed = call(tmp_path, "web", "password", "--remove")
    assert removed.output == "the password is removed; 1 browser is signed out\n"
    assert not access.has_password
    again = call(tmp_path, "web", "password", "--remove")
    assert str(again.exception) == "no password is set; nothing was changed"


def test_a_password_that_is_too_short_is_not_set(tmp_path):
    told = call(tmp_path, "web", "password", input="short\n")
    assert isinstance(told.exception, ConfigError)
    assert not Access(tmp_path).has_password


def test_a_key_is_printed_once_listed_and_removed(tmp_path):
    made = call(tmp_path, "web", "keys", "add", "phone", "--scope", "act")
    secret = made.stdout.strip()
    key = Access(tmp_path).key(secret)
    assert made.stderr == (
        f'this is the key "phone" (id {key.id}, act); it is not shown again; send it as '
        '"Authorization: Bearer KEY"\n'
    )
    listed = call(tmp_path, "web", "keys", "list")
    assert listed.stdout == f"{key.id}  phone  act    never used\n"
    as_json = json.loads(call(tmp_path, "web", "keys", "list", "--json").stdout)
    assert [sorted(one) for one in as_json] == [
        ["created_at", "id", "last_used_on", "name", "scope"]
    ]
    removed = call(tmp_path, "web", "keys", "remove", key.id)
    assert removed.output == 'the key "phone" is removed\n'
    again = call(tmp_path, "web", "keys", "remove", key.id)
    assert str(again.exception) == (
        f'there is no API key "{key.id}"; "web keys list" shows their ids'
    )
    assert call(tmp_path, "web", "keys", "list").stdout == (
        'there is no API key; "web keys add NAME --scope read" makes one\n'
    )


@pytest.mark.parametrize("words", [["phone"], ["phone", "--scope", "all"]])
def test_a_key_needs_a_scope(tmp_path, words):
    assert call(tmp_path, "web", "keys", "add", *words).exit_code == 2
    assert Access(tmp_path).keys() == ()


def test_every_browser_is_signed_out(tmp_path):
    tokens = [Access(tmp_path).sign_in(1) for _ in range(2)]
    assert call(tmp_path, "web", "sessions", "end").output == "2 browsers are signed out\n"
    assert not any(map(Access(tmp_path).session, tokens))
    assert call(tmp_path, "web", "sessions", "end").output == "no browsers are signed out\n"


def test_taking_the_last_way_in_from_an_open_address_is_told(tmp_path):
    (tmp_path / "config.json").write_text('{"web": {"host": "0.0.0.0"}}')
    call(tmp_path, "web", "password", input=PASSWORD)
    removed = call(tmp_path, "web", "password", "--remove")
    assert removed.output == (
        "the password is removed; nobody gets in at 0.0.0.0 now, "
        "and it will not start there without either\n"
    )
