from ipaddress import ip_address

import pytest

from movie_sync.web.access_limit import Limit, Try

pytestmark = pytest.mark.slow  # each starts a server of its own

HERE = ip_address("127.0.0.1")


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def limit(clock):
    return Limit(lambda: clock[0])


def wrong(limit, *addresses):
    """How many of these tries were let through; all were wrong."""
    tries = [limit.begin(address) for address in addresses]
    return sum(isinstance(one, Try) for one in tries)


def out_there(number):
    return ip_address(f"192.0.2.{number}")


def test_one_machine_has_five_tries_all_others_two_more_and_this_one_the_rest(limit):
    assert wrong(limit, *[out_there(1)] * 20) == 5
    assert wrong(limit, *map(out_there, range(2, 100))) == 2
    assert wrong(limit, *[HERE] * 20) == 3


def test_who_sits_at_the_machine_is_never_kept_out_from_elsewhere(limit, clock):
    for second in range(600):
        clock[0] = float(second)
        wrong(limit, *map(out_there, range(100)))
        if second % 30 == 0:
            mine = limit.begin(HERE)
            assert isinstance(mine, Try)
            limit.was_right(mine)


def test_in_no_minute_are_there_more_than_ten(limit, clock):
    let_through = []
    for second in range(300):
        clock[0] = float(second)
        count = wrong(limit, HERE, out_there(second % 5), out_there(7), None)
        let_through += [second] * count
    assert max(sum(at <= each < at + 60 for each in let_through) for at in let_through) == 10


def test_the_wait_is_until_a_try_is_free_again(limit, clock):
    wrong(limit, *[out_there(1)] * 3)
    clock[0] = 10.0
    wrong(limit, *[out_there(1)] * 2)
    clock[0] = 25.0
    assert limit.begin(out_there(1)) == 35.0
    clock[0] = 60.0
    assert wrong(limit, *[out_there(1)] * 5) == 3


def test_a_household_is_one_however_many_addresses_it_has(limit):
    household = [ip_address(f"2001:db8:0:1::{number:x}") for number in range(1, 30)]
    assert wrong(limit, *household) == 5
    assert wrong(limit, ip_address("2001:db8:0:2::1")) == 1


def test_a_burst_is_logged_once_with_its_address(limit, clock, caplog):
    for address in [out_there(1)] * 4 + [out_there(2)] * 2 + [None]:
        limit.was_wrong(limit.begin(address))
    assert [record.getMessage() for record in caplog.records] == [
        "web: a wrong password was tried from 192.0.2.1",
        "web: a wrong password was tried from 192.0.2.2",
        "web: a wrong password was tried from an unknown address",
    ]
