import pytest

from movie_sync.errors import ConfigError
from movie_sync.history import viki_credentials
from movie_sync.services.viki_shapes import VikiLogin

ONE, OTHER = "aGVsbG8td29ybGQ", "BAh7CEkiD3Nlc3Npb25faWQGOgZF%3D--9f86d081"
TOKEN = "ex1abcdEFGH_2u4711u_9f86d081"
COOKIES = VikiLogin(session_id=ONE, viki_session=OTHER)
HEADER = f"ab_test=7; session__id={ONE}; locale=en; _viki_session={OTHER}"
BASH = f"""curl 'https://www.viki.com/api/vw_watch_markers?from=1' \\
  -H 'accept: application/json' \\
  -H 'cookie: {HEADER}' \\
  -H 'x-csrf-token: not-this-one-please' \\
  --compressed"""
FIREFOX = (
    f"""curl 'https://www.viki.com/' -H 'User-Agent: Mozilla/5.0' -H 'Cookie: {HEADER}' -b ''"""
)
WITH_B = f"""curl 'https://www.viki.com/' -b '{HEADER}' -H 'referer: https://www.viki.com/'"""
DOLLAR = f"""curl 'https://www.viki.com/' -H $'cookie: note=a\\u0021b; {HEADER}'"""
CMD = (
    'curl ^"https://www.viki.com/^" ^\n  -H ^"cookie: '
    + HEADER.replace("%", "^%").replace(";", "^;")
    + '^" ^\n  -H ^"accept: */*^"'
)
POWERSHELL = f"""$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
$session.Cookies.Add((New-Object System.Net.Cookie("session__id", "{ONE}", "/", "www.viki.com")))
$session.Cookies.Add((New-Object System.Net.Cookie("_viki_session", "{OTHER}", "/", ".v")))"""
TABLE = f"""_viki_session\t{OTHER}\t.viki.com\t/\tSession\t52\t✓
session__id\t{ONE}\twww.viki.com\t/\tSession\t30"""
COOKIES_TXT = f"""# Netscape HTTP Cookie File
.viki.com\tTRUE\t/\tTRUE\t0\t_viki_session\t{OTHER}
www.viki.com\tFALSE\t/\tTRUE\t0\tsession__id\t{ONE}"""
EXTENSION = (
    f'[{{"domain": "www.viki.com", "name": "session__id", "value": "{ONE}"}}, '
    f'{{"domain": ".viki.com", "name": "_viki_session", "value": "{OTHER}"}}, {{"name": 7}}]'
)
STORAGE = f'session__id:"{ONE}"\n_viki_session:"{OTHER}"'
LIST = f"https://api.viki.io/v4/users/4711u/watchlist.json?token={TOKEN}&app=100000a&page=1"


@pytest.mark.parametrize(
    "pasted",
    [
        HEADER,
        f"Cookie: {HEADER}\r\n",
        f"_viki_session={OTHER}\nsession__id={ONE}",
        f'{{"session__id": "{ONE}", "_viki_session": "{OTHER}"}}',
        BASH, FIREFOX, WITH_B, DOLLAR, CMD, POWERSHELL, TABLE, COOKIES_TXT, EXTENSION, STORAGE,
    ],
)  # fmt: skip
def test_both_cookies_are_found_however_they_were_copied(pasted):
    found = viki_credentials.read(pasted)
    assert (found.session_id, found.viki_session) == (ONE, OTHER)
    assert found.token is None
    assert viki_credentials.missing(found) is None


@pytest.mark.parametrize(
    "pasted",
    [TOKEN, f"  '{TOKEN}'\n", LIST, f"curl '{LIST}' -H 'accept: */*'", f"token={TOKEN}"],
)
def test_a_token_is_found_and_whose_it_is(pasted):
    found = viki_credentials.read(pasted)
    assert (found.token, found.user_id) == (TOKEN, "4711u")
    assert viki_credentials.missing_for_list(found) is None


def test_a_token_in_an_address_is_decoded_and_keeps_so():
    found = viki_credentials.read(
        "https://api.viki.io/v4/users/7u/a.json?token=ex1ab%2Bcd%3D%26e&x=1"
    )
    assert found.token == "ex1ab+cd=&e"
    assert found.user_id == "7u"
    assert viki_credentials.read(viki_credentials.written(found)) == found


def test_a_token_that_does_not_say_whose_it_is_is_told():
    found = viki_credentials.read("token=ex1abcdefgh")
    assert found.user_id is None
    assert "not whose it is" in viki_credentials.missing_for_list(found)


def test_what_is_stored_is_one_line_and_read_again():
    whole = viki_credentials.merged(COOKIES, viki_credentials.read(LIST))
    line = viki_credentials.written(whole)
    assert line.isprintable()
    assert viki_credentials.read(line) == whole


def test_the_line_that_is_stored_may_be_a_plain_header():
    assert viki_credentials.read(HEADER) == COOKIES


def test_new_cookies_replace_both_old_ones_and_keep_the_token():
    old = VikiLogin(session_id="1" * 9, viki_session="2" * 9, token=TOKEN, user_id="4711u")
    assert viki_credentials.merged(old, COOKIES) == VikiLogin(
        session_id=ONE, viki_session=OTHER, token=TOKEN, user_id="4711u"
    )
    half = viki_credentials.merged(old, VikiLogin(session_id=ONE))
    assert half.viki_session is None
    assert viki_credentials.merged(None, COOKIES) is COOKIES


def test_a_new_token_does_not_keep_the_user_of_the_old_one():
    old = VikiLogin(session_id=ONE, viki_session=OTHER, token=TOKEN, user_id="4711u")
    merged = viki_credentials.merged(old, VikiLogin(token="ex1other"))
    assert (merged.token, merged.user_id, merged.session_id) == ("ex1other", None, ONE)


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        (
            f"session__id={ONE}",
            "session__id is there, but _viki_session is missing; in the developer tools of your "
            "browser open Application (Firefox: Storage), Cookies, https://www.viki.com, and copy "
            "both",
        ),
        (
            f"_viki_session={OTHER}",
            "_viki_session is there, but session__id is missing; in the developer tools of your "
            "browser open Application (Firefox: Storage), Cookies, https://www.viki.com, and copy "
            "both",
        ),
        (
            TOKEN,
            "the token is there, but no cookies are; in the developer tools of your browser open "
            "Application (Firefox: Storage), Cookies, https://www.viki.com, and copy session__id "
            "and _viki_session",
        ),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(pasted, sentence):
    assert viki_credentials.missing(viki_credentials.read(pasted)) == sentence


def test_without_a_token_it_says_what_that_costs():
    assert viki_credentials.missing_for_list(COOKIES).startswith(
        "without a token every show is asked for each time; in the developer tools open Network"
    )


@pytest.mark.parametrize(
    "pasted",
    ["", "hello", "csrf-token=abcdefghijk", "my_session__id=abcdefghij", "[", "{}", "session__id",
     f"copy {viki_credentials.HOW} session__id, _viki_session", '[{"name": "session__id"}]'],
)  # fmt: skip
def test_what_is_no_login_changes_nothing(pasted):
    with pytest.raises(ConfigError, match="nothing was changed"):
        viki_credentials.read(pasted)


@pytest.mark.parametrize("value", ["abcdefgh\x00ijk", "abcdefgh\x1bijk", "zażółć-gęślą"])
def test_what_no_browser_sends_is_refused_and_not_shown(value):
    with pytest.raises(ConfigError) as caught:
        viki_credentials.read(f"session__id={value}; _viki_session={OTHER}")
    assert "the value of session__id has letters that no browser sends" in str(caught.value)
    assert value not in str(caught.value)
    assert OTHER not in str(caught.value)


def test_a_whole_browser_is_not_read():
    with pytest.raises(ConfigError, match="longer than 256 KiB"):
        viki_credentials.read("x" * 300_000)


def test_a_login_never_shows_itself():
    whole = viki_credentials.merged(COOKIES, viki_credentials.read(LIST))
    for shown in (repr(whole), str(whole), f"{[whole]}"):
        assert not [each for each in (ONE, OTHER, TOKEN) if each in shown]
    assert repr(VikiLogin()) == "VikiLogin(empty)"
    assert repr(COOKIES) == "VikiLogin(session_id, viki_session)"
