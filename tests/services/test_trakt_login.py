from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
import requests

from movie_sync.demo.trakt_site import CLOUDFLARE, SECRET, TraktSite, status
from movie_sync.errors import BadAnswer, Blocked, LoggedOut, NotAuthorised, Unavailable
from movie_sync.http import Http, Pacer
from movie_sync.login_models import DeviceLogin, End, Ended, Granted, Pending, Tokens
from movie_sync.services.trakt_login import LONGEST_STATE_S, States, TraktLogin, challenge
from tests.services.trakt_account import Clock

PAGE = "http://127.0.0.1:9/history/trakt/back"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def site(clock):
    with TraktSite(clock=clock, redirect_uri=PAGE) as started:
        yield started


@pytest.fixture
def at(site, clock):
    """The login of an application with this secret."""
    opened = []

    def start(secret: str | None = SECRET, client_id=None) -> TraktLogin:
        http = Http("trakt", site.url, pacer=Pacer(clock.sleep, clock), gap_s=0.0, tries=1)
        opened.append(http)
        return TraktLogin(http, client_id or site.gate.client_id, secret, PAGE, clock=clock)

    yield start
    for http in opened:
        http.close()


@pytest.fixture
def login(at):
    return at()


def later(clock, pending: Pending) -> DeviceLogin:
    clock.now = pending.login.next_at
    return pending.login


def test_a_login_by_device_waits_for_the_person_and_gives_tokens(site, clock, login):
    begun = login.begin()
    assert begun.url == f"{site.url}/activate"
    assert begun.address == f"{site.url}/activate/{begun.user_code}"
    clock.now = begun.next_at
    waiting = login.poll(begun)
    assert isinstance(waiting, Pending)
    site.gate.approve(begun.user_code)
    granted = login.poll(later(clock, waiting))
    assert isinstance(granted, Granted)
    assert site.gate.is_good(granted.tokens.access)
    assert granted.tokens.ends_at - clock.now == pytest.approx(7 * 86_400, abs=2)


def test_a_login_by_device_outlives_a_restart(clock, login):
    begun = login.begin()
    assert msgspec.json.decode(msgspec.json.encode(begun), type=DeviceLogin) == begun


def test_a_poll_before_its_time_asks_nothing(site, login):
    begun = login.begin()
    site.requests.clear()
    assert login.poll(begun) == Pending(begun)
    assert site.requests == []


def test_a_poll_after_its_end_asks_nothing(site, clock, login):
    begun = login.begin()
    site.requests.clear()
    clock.now = begun.expires_at
    assert login.poll(begun).how is End.EXPIRED
    assert site.requests == []


@pytest.mark.parametrize(
    ("code", "how"),
    [(404, End.INVALID), (409, End.USED), (410, End.EXPIRED), (418, End.DENIED)],
)
def test_a_login_that_is_over_says_how(site, clock, login, code, how):
    begun = login.begin()
    clock.now = begun.next_at
    site.gate.device_says.append(code)
    ended = login.poll(begun)
    assert isinstance(ended, Ended)
    assert ended.how is how
    assert ended.sentence


def test_who_polls_too_fast_polls_half_as_often(site, clock, login):
    begun = login.begin()
    clock.now = begun.next_at
    site.gate.device_says.append(429)
    slower = login.poll(begun)
    assert slower.login.interval_s == 2 * begun.interval_s
    assert slower.login.next_at == clock.now + slower.login.interval_s


@pytest.mark.parametrize("trouble", [status(500), status(502), status(503)])
def test_an_outage_ends_no_login(site, clock, login, trouble):
    begun = login.begin()
    clock.now = begun.next_at
    site.troubles.append(trouble)
    waiting = login.poll(begun)
    assert isinstance(waiting, Pending)
    assert waiting.trouble
    site.gate.approve(begun.user_code)
    assert isinstance(login.poll(later(clock, waiting)), Granted)


def test_no_network_ends_no_login(site, clock, login):
    begun = login.begin()
    clock.now = begun.next_at
    site.stop()
    waiting = login.poll(begun)
    assert isinstance(waiting, Pending)
    assert "could not be reached" in waiting.trouble


def test_a_login_denied_at_trakt_is_denied_here(site, clock, login):
    begun = login.begin()
    site.gate.approve(begun.user_code, deny=True)
    clock.now = begun.next_at
    assert login.poll(begun).how is End.DENIED


def test_an_application_that_is_not_known_is_told_of(at):
    with pytest.raises(NotAuthorised, match=r"check trakt\.client_id"):
        at(client_id="wrong").begin()


def test_a_page_before_the_login_is_no_refusal(site, login):
    site.troubles.append(CLOUDFLARE)
    with pytest.raises(Blocked):
        login.begin()


def led_back(url: str) -> dict[str, str]:
    """Where Trakt's page leads, as a browser would follow it."""
    answer = requests.get(url, allow_redirects=False, headers={"User-Agent": "a/1"}, timeout=20)
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {name: values[0] for name, values in query.items()}


@pytest.mark.parametrize("secret", [SECRET, None])
def test_a_page_leads_back_with_a_code_for_tokens(site, at, secret):
    login, states = at(secret), States()
    begun = login.begin_with_page(states)
    back = led_back(begun.url)
    tokens = login.exchange(states.take(back["state"]), back["code"])
    assert site.gate.is_good(tokens.access)


def test_a_code_is_of_no_use_without_what_began_its_login(at):
    login, states = at(), States()
    back = led_back(login.begin_with_page(states).url)
    other = login.begin_with_page(states)
    with pytest.raises(NotAuthorised, match="invalid grant"):
        login.exchange(other, back["code"])


def test_a_state_is_good_once_for_ten_minutes_and_never_for_another(at):
    now = [0.0]
    login, states = at(), States(lambda: now[0])
    first, second = login.begin_with_page(states), login.begin_with_page(states)
    assert first.state != second.state
    assert states.take(first.state) is first
    for state in (first.state, "", "guessed", second.state[:-1]):
        with pytest.raises(NotAuthorised, match="begin again"):
            states.take(state)
    now[0] = LONGEST_STATE_S
    with pytest.raises(NotAuthorised, match="older than ten minutes"):
        states.take(second.state)


def test_the_challenge_is_that_of_the_norm():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
    assert challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_renewed_tokens_are_other_ones_and_the_old_are_used_up(site, at):
    login, states = at(), States()
    back = led_back(login.begin_with_page(states).url)
    first = login.exchange(states.take(back["state"]), back["code"])
    second = login.renew(first)
    assert second.refresh != first.refresh
    with pytest.raises(NotAuthorised, match="invalid grant"):
        login.renew(first)
    login.revoke(second)
    assert not site.gate.is_good(second.access)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (status(400, {"error": "invalid_grant", "error_description": "session not found"}),
         LoggedOut),
        (status(401), LoggedOut),
        (status(401, {"error": "invalid_client"}), NotAuthorised),
        (status(403), NotAuthorised),
        (status(503), Unavailable),
        (status(429, Retry_After="9"), Unavailable),
        (status(200, {"access_token": "a"}), BadAnswer),
    ],
)  # fmt: skip
def test_a_refusal_to_renew_is_named_for_what_to_do(site, login, said, error):
    site.troubles.append(said)
    with pytest.raises(error) as caught:
        login.renew(Tokens(access="a", refresh="r", got_at=0, ends_at=1))
    assert type(caught.value) is error


def test_no_secret_is_shown_by_mistake(login):
    begun = login.begin()
    page = login.begin_with_page(States())
    tokens = Tokens(access="5ec4e7", refresh="5ec4e8", got_at=0, ends_at=1)
    shown = f"{begun!r} {page!r} {tokens!r} {Granted(tokens)!r}"
    for secret in (begun.device_code, page.state, page.verifier, "5ec4e7", "5ec4e8"):
        assert secret not in shown


@pytest.mark.parametrize("clock_ahead_s", [-9e6, -3600, 3600, 9e6])
def test_a_clock_that_is_wrong_does_not_end_tokens(site, clock, login, clock_ahead_s):
    code = site.gate.code(challenge("v" * 43))
    page = login.begin_with_page(States())
    clock_there = clock.now
    site.gate.clock = lambda: clock_there
    clock.now += clock_ahead_s
    tokens = login.exchange(msgspec.structs.replace(page, verifier="v" * 43), code)
    assert tokens.ends_at > clock.now
    assert tokens.half_at > clock.now
