from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.films.decision import MOST_EXPLAINED, choose, explain, judge, read_name
from movie_sync.films.profiles import PRESETS
from movie_sync.settings import Profile
from tests import make


def named(tail, **changes):
    return make.release(name=f"Film.1.{tail}", **changes)


def chosen(*offers, profile=None, **held):
    return choose(make.film(), offers, profile or Profile(), now=make.NOON, **held)


def test_a_refusal_counts_its_reasons():
    offers = [make.release(id=str(n), seeders=0) for n in range(2)]
    choice = chosen(*offers, named("1984.1080p.BluRay"))
    assert choice.best is None
    assert choice.why_not() == "3 found, none accepted: 2 too_few_seeders, 1 wrong_year"
    assert choice.why_best() == ""


def test_no_release_at_all_is_said_so():
    assert chosen().why_not() == "no indexer lists it"


def test_what_was_found_and_accepted_is_counted():
    assert (
        chosen(make.release(), make.release(id="2", seeders=0)).why_not() == "2 found, 1 accepted"
    )


def test_the_only_one_that_fits_has_won_over_nobody():
    choice = chosen(make.release(), named("1984.1080p.BluRay"))
    assert choice.why_best() == "it is the only one that fits"


def test_a_release_that_two_searches_found_is_looked_at_once():
    vague, sure = make.release(seeders=21), make.release(imdb_id="tt0000001")
    assert chosen(vague, sure).ranked == chosen(sure, vague).ranked == (sure,)


def test_decisions_begin_with_what_was_accepted_and_then_what_nearly_was():
    best, second = named("1999.1080p.BluRay-A"), named("1999.1080p.WEB-DL-A")
    near, far = named("1999.1080p.CAM"), named("1984.1080p.CAM", seeders=0)
    decisions = chosen(far, second, near, best).decisions
    assert [each.release for each in decisions] == [best, second, near, far]


def test_one_release_is_judged_as_it_is_among_others():
    release = named("1999.1080p.CAM")
    [decision] = chosen(release).decisions
    assert judge(release, make.film(), Profile(), now=make.NOON) == decision


def test_ids_of_the_indexer_go_before_those_in_the_name():
    release = named("1999.1080p.BluRay [tt0000001]", imdb_id="tt0000002", tmdb_id=5)
    assert (read_name(release).imdb_id, read_name(release).tmdb_id) == ("tt0000002", 5)
    assert read_name(named("1999.1080p.BluRay [tt0000001]")).imdb_id == "tt0000001"


def test_the_choice_can_be_kept_as_json():
    good = named("1999.1080p.BluRay.x265-A", id="1", uploaded_at=make.NOON, freeleech=True)
    poor = named("1999.1080p.WEB-DL.CAM", id="2", seeders=0, size_bytes=5)
    choice = chosen(poor, good, profile=Profile(preferred={"x265": 5}))
    kept = msgspec.json.decode(msgspec.json.encode(explain(choice)))
    assert kept == [
        {
            "indexer": "fake",
            "id": "1",
            "name": good.name,
            "size_bytes": 8 * make.GIB,
            "seeders": 20,
            "freeleech": True,
            "uploaded_at": "2026-01-05T12:00:00Z",
            "quality": "1080p bluray",
            "rank": 1,
            "score": 5,
        },
        {
            "indexer": "fake",
            "id": "2",
            "name": poor.name,
            "size_bytes": 5,
            "seeders": 0,
            "quality": "1080p cam",
            "refused": [
                ["early_copy", "is a cam, which is never taken", None],
                [
                    "too_small",
                    "has 0 MiB for 110 min (assumed) at 1080p, at least 880 MiB wanted",
                    "profile.min_mib_per_minute",
                ],
                ["too_few_seeders", "0 seeders, at least 1 wanted", "profile.min_seeders"],
            ],
        },
    ]


def test_of_many_releases_only_the_first_are_kept():
    offers = [make.release(id=str(number), seeders=number % 2) for number in range(120)]
    kept = explain(chosen(*offers))
    assert len(kept) == MOST_EXPLAINED
    assert all("rank" in each for each in kept)
    assert len(explain(chosen(*offers), most=None)) == 120


TAILS = (
    "1080p.BluRay.x264-A", "2160p.UHD.BluRay.REMUX.DV.HDR.HEVC-B", "720p.WEB-DL-C", "DVDRip.XviD-D",
    "German.DL.1080p.BluRay-E", "REPACK.1080p.BluRay.x264-A", "HDCAM", "1080p.3D.HSBS.BluRay", "",
    "S01E02.1080p.WEB", "Extended.1080p.WEBRip.x265-F",
)  # fmt: skip
RELEASES = st.builds(
    make.release,
    id=st.sampled_from("123456789"),
    name=st.sampled_from(TAILS).map("Film.1.1999.{}".format) | st.text(max_size=40),
    size_bytes=st.integers(0, 100 * make.GIB),
    seeders=st.integers(0, 5000),
    freeleech=st.booleans(),
    doubleup=st.booleans(),
    imdb_id=st.sampled_from([None, "tt0000001", "tt0000002", "nonsense"]),
    uploaded_at=st.none() | st.datetimes(timezones=st.just(UTC)),
)
FILMS = st.builds(
    make.film,
    year=st.none() | st.integers(-5, 3000),
    runtime_min=st.none() | st.integers(-5, 900),
    imdb_id=st.sampled_from([None, "tt0000001"]),
    original_language=st.sampled_from([None, "en", "xx", ""]),
    premiered_on=st.none() | st.dates(),
)
PROFILES = st.builds(
    Profile,
    preset=st.sampled_from(list(PRESETS)),
    hdr=st.sampled_from([None, "prefer", "avoid", "never", "only"]),
    languages=st.sampled_from([(), ("original",), ("German", "original")]),
    preferred=st.just({"x265": 5, "/remux|web/": -3}),
    editions=st.just(("extended", "")),
    min_mib_per_minute=st.none() | st.just(0.0),
    wait_hours=st.sampled_from([0.0, 6.0, 10_000.0]),
    min_age_minutes=st.integers(0, 1_000_000),
)
OFFERS = st.lists(RELEASES, max_size=8).flatmap(
    lambda offers: st.tuples(st.just(offers), st.permutations(offers))
)


@given(FILMS, OFFERS, PROFILES, st.none() | st.sampled_from(TAILS))
def test_the_order_of_the_offers_changes_nothing(film, offers, profile, have):
    one, other = (
        choose(film, offered, profile, now=make.NOON, have=have and f"Film.1.1999.{have}")
        for offered in offers
    )
    assert one == other
    assert explain(one, None) == explain(other, None)
    assert one.why_not()
    assert bool(one.why_best()) == (one.best is not None)
    until = one.hold_until(make.NOON)
    assert until is None or until == make.NOON + timedelta(hours=profile.wait_hours)


@given(FILMS, RELEASES, PROFILES)
def test_what_is_accepted_among_others_is_accepted_alone(film, release, profile):
    others = [named("1999.1080p.BluRay.x264-Z", id="z")]
    alone = judge(release, film, profile, now=make.NOON)
    among = choose(film, [*others, release], profile, now=make.NOON)
    assert alone in among.decisions


def test_a_hundred_releases_are_soon_judged():
    offers = [named(f"1999.{TAILS[n % len(TAILS)]}{n}", id=str(n)) for n in range(100)]
    profile = Profile(preferred={"x265": 5, "/remux|web/": 3}, never=("cam",))
    chosen(*offers, profile=profile)  # reads the names
    began = datetime.now(UTC)
    chosen(*offers, profile=profile)
    assert datetime.now(UTC) - began < timedelta(seconds=0.2)  # some 5 ms on an idle machine
