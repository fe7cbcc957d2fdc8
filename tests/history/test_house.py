import json
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from movie_sync.history import diary, house
from movie_sync.history.house import Malformed
from movie_sync.history.house_store import save_heard, save_views
from movie_sync.history.store import HistoryStore
from movie_sync.library.store import LibraryStore
from movie_sync.library_models import Facts, Kind, Views
from tests.library import things

NOW = datetime(2026, 1, 10, 21, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
FORM = 'multipart/form-data; boundary="----x1"'

FILM = {
    "type": "movie", "ratingKey": "401", "librarySectionID": 2, "title": "Parasite", "year": 2019,
    "guid": "plex://movie/5d9c", "Guid": [{"id": "imdb://tt6751668"}, {"id": "tmdb://496243"}],
}  # fmt: skip
EPISODE = {
    "type": "episode", "ratingKey": "777", "librarySectionID": 1, "title": "Pilot", "index": 3,
    "parentIndex": 2, "grandparentTitle": "Dark Water", "year": 2021,
    "grandparentGuid": "plex://show/1a", "Guid": [{"id": "tvdb://991"}, {"id": "tmdb://882"}],
}  # fmt: skip


def plex(metadata=FILM, event="media.scrobble", owner=True, title="ann", **more):
    return {
        "event": event, "owner": owner, "user": True, "Account": {"id": 1, "title": title},
        "Server": {"title": "home", "uuid": "abc"}, "Metadata": metadata, **more,
    }  # fmt: skip


def form(payload, name="payload"):
    parts = [
        f'------x1\r\nContent-Disposition: form-data; name="{name}"\r\n'
        f"Content-Type: application/json\r\n\r\n{json.dumps(payload)}\r\n",
        '------x1\r\nContent-Disposition: form-data; name="thumb"; filename="thumb.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n\x00\x01\r\n\r\n------x1--\r\n",
    ]
    return "".join(parts).encode()


def of_plex(*args, accounts=(), **kwargs):
    return house.heard("plex", FORM, form(plex(*args, **kwargs)), NOW, accounts)


def jellyfin(**told):
    usual = {
        "NotificationType": "PlaybackStop", "ItemType": "Movie", "Name": "Parasite", "Year": 2019,
        "ItemId": "f00d", "ServerId": "s1", "UserId": "u1", "NotificationUsername": "ann",
        "PlayedToCompletion": True, "Provider_imdb": "tt6751668", "Provider_tmdb": "496243",
        "UtcTimestamp": "2026-01-10T21:15:00.1234567Z",
    }  # fmt: skip
    return usual | told


def of_jellyfin(accounts=(), **told):
    body = json.dumps(jellyfin(**told)).encode()
    return house.heard("jellyfin", "application/json; charset=utf-8", body, NOW, accounts)


def emby(**told):
    usual = {
        "Event": "playback.stop", "User": {"Name": "ann", "Id": "u1"}, "Server": {"Id": "e1"},
        "Item": {
            "Type": "Episode", "Name": "Pilot", "SeriesName": "Dark Water", "Id": "12",
            "IndexNumber": 3, "ParentIndexNumber": 2, "ProviderIds": {"Tvdb": "991"},
        },
        "PlaybackInfo": {"PlayedToCompletion": True},
    }  # fmt: skip
    return usual | told


def of_emby(**told):
    return house.heard("emby", "application/json", json.dumps(emby(**told)).encode(), NOW)


@pytest.fixture
def store(db):
    return HistoryStore(db, UTC)


def test_a_film_that_plex_scrobbled_is_a_play(store):
    told = of_plex()
    assert told.sentence == "plex: Parasite (2019) was watched"
    assert told.play
    assert told.play.work.ids == {"imdb": "tt6751668", "tmdb": "496243"}
    assert (told.play.watched_at, told.uri) == (NOW, "plex:2:401:")
    assert save_heard(store, told, NOW).new == 1
    assert save_heard(store, of_plex(), NOW).known == 1


def test_an_event_that_plex_sends_twice_on_a_day_is_one_play(store):
    save_heard(store, of_plex(), NOW)
    again = house.heard("plex", FORM, form(plex()), NOW + timedelta(minutes=20))
    assert save_heard(store, again, NOW).linked == 1
    assert len(store.plays()) == 1


def test_an_episode_of_plex_bears_no_id_of_its_own_as_one_of_its_show(store):
    work = of_plex(EPISODE).play.work
    assert (work.title, work.season, work.episode, work.year) == ("Dark Water", 2, 3, None)
    assert (work.ids, work.episode_ids) == ({}, {"tvdb": "991", "tmdb": "882"})


def test_ids_of_old_agents_are_known():
    old = EPISODE | {"guid": "com.plexapp.agents.thetvdb://81189/2/3?lang=en", "Guid": []}
    work = of_plex(old).play.work
    assert (work.ids, work.episode_ids) == ({"tvdb": "81189"}, {})
    film = FILM | {"guid": "com.plexapp.agents.imdb://tt6751668?lang=en", "Guid": []}
    assert of_plex(film).play.work.ids == {"imdb": "tt6751668"}


def test_only_accounts_that_count_do():
    assert of_plex(owner=False, title="bob").play is None
    assert of_plex(owner=False, title="Bob", accounts=["bob"]).play
    assert of_plex(accounts=["bob"]).sentence == "plex: ann is none of the accounts that count"
    assert of_jellyfin(accounts=["bob"]).play is None
    assert of_jellyfin(accounts=["ANN"]).play


@pytest.mark.parametrize("event", ["media.play", "media.stop", "library.new", "device.new"])
def test_other_events_of_plex_are_no_plays_and_no_faults(event):
    told = house.heard("plex", FORM, form({"event": event}), NOW)
    assert told == house.Heard(sentence=f"plex: {event} is no play")


def test_music_is_no_play():
    told = of_plex({"type": "track", "ratingKey": "1", "title": "Song"})
    assert told.sentence == "plex: a track is neither film nor episode"


def test_a_rating_of_plex_is_kept_and_one_taken_away_is_no_lowest_one(store):
    told = of_plex(event="media.rate", rating=9)
    assert told.rating
    assert told.rating.tenths == 9
    assert save_heard(store, told, NOW).ratings == 1
    assert of_plex(event="media.rate", rating=-1).rating is None
    assert of_plex(event="media.rate", rating=0).rating is None


def test_jellyfin_tells_when_it_was_and_what():
    told = of_jellyfin()
    assert told.play
    assert told.play.watched_at == datetime(2026, 1, 10, 21, 15, 0, 123456, UTC)
    assert told.play.work.ids == {"imdb": "tt6751668", "tmdb": "496243"}


def test_texts_in_place_of_numbers_are_read_as_a_template_writes_them():
    told = of_jellyfin(
        ItemType="Episode", SeriesName="Dark Water", SeasonNumber="2", EpisodeNumber="3",
        PlayedToCompletion="True", Year="",
    )  # fmt: skip
    assert told.play
    assert (told.play.work.season, told.play.work.episode) == (2, 3)
    assert (told.play.work.ids, told.play.work.episode_ids["imdb"]) == ({}, "tt6751668")


def test_what_was_stopped_before_its_end_is_no_play():
    assert of_jellyfin(PlayedToCompletion=False).sentence == (
        "jellyfin: Parasite (2019) was stopped before its end"
    )
    assert of_emby(PlaybackInfo={"PlayedToCompletion": False}).play is None


def test_a_clock_of_a_server_that_cannot_be_right_is_not_believed():
    assert of_jellyfin(UtcTimestamp="1970-01-01T00:00:00Z").play.watched_at == NOW
    assert of_jellyfin(UtcTimestamp="2027-01-01T00:00:00Z").play.watched_at == NOW
    assert of_jellyfin(UtcTimestamp="yesterday").play.watched_at == NOW


def test_emby_tells_alike():
    told = of_emby()
    assert told.sentence == "emby: Dark Water 2x03 was watched"
    assert told.play
    assert told.play.source == "emby"
    assert told.play.work.episode_ids == {"tvdb": "991"}
    as_form = house.heard("emby", FORM, form(emby(), "data"), NOW)
    assert as_form.play


@pytest.mark.parametrize(
    ("who", "form_", "body", "said"),
    [
        ("plex", "application/json", b"<html>", "this is no event of Plex, for it is not JSON"),
        ("plex", "application/json", b"[1]",
         "this is no event of Plex: Expected `object`, got `array`"),
        ("plex", FORM, b"------x1--\r\n",
         "this form has no part that is called payload, as Plex and Emby send it"),
        ("plex", "application/json", b'{"event": "media.scrobble", "owner": true}',
         "this media.scrobble of Plex does not say what was watched"),
        ("jellyfin", "application/json", b"{}", "this is no event of Jellyfin: Object missing "
         "required field `NotificationType`"),
        ("jellyfin", "application/json", b'{"NotificationType": "PlaybackStop", "ItemType": '
         b'"Episode", "PlayedToCompletion": true}', "this event of Jellyfin does not say which "
         "episode of which show it is"),
        ("kodi", "application/json", b"{}", 'there is no webhook of "kodi"; known are plex, '
         "jellyfin, emby"),
        ("emby", "application/json", b" " * (house.LARGEST_JSON_BYTES + 1),
         "its JSON is larger than 1 MiB: it was not read"),
        ("emby", FORM, b" " * (house.LARGEST_BYTES + 1),
         "this is larger than 4 MiB, and was not read"),
        ("emby", "application/json", b"[" * 99_999, "this is no event of Emby, for it is not JSON"),
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused_with_one_sentence(who, form_, body, said):
    with pytest.raises(Malformed) as refused:
        house.heard(who, form_, body, NOW)
    assert str(refused.value) == said


def test_nobody_gets_in_by_no_secret_or_a_short_one():
    secret = house.new_secret()
    assert house.is_secret(secret, secret)
    assert not house.is_secret(secret[:-1], secret)
    assert not house.is_secret("", "")
    assert not house.is_secret("", None)
    assert not house.is_secret("short", "short")
    assert not house.is_secret("\ud800", secret)


@pytest.fixture
def library(db):
    return LibraryStore(db)


def owned(library, facts, *, episode=None, uri="plex:1:777:9010", views=None):
    """A file that Plex has; gives its title."""
    library.put_source("home", "plex")
    one = things.of_server(things.found(f"{facts.title} (2021)"), uri=uri, views=views)
    library.save_found("home", [one], NOW)
    title_id = things.put(library, facts)
    numbers = library.episode_ids(title_id, *episode) if episode else ()
    asset = library.unidentified(0, 10)[-1]
    assert library.assign(asset.asset_id, title_id, numbers, things.SURE, NOW)
    return title_id


SHOW = Facts(kind=Kind.SHOW, title="Dark Water", year=2021, ids={"tmdb": "55"})
A_FILM = Facts(kind=Kind.FILM, title="Parasite", year=2019, ids={"tmdb": "496243"})


def test_an_episode_of_a_file_that_is_owned_is_of_the_show_that_the_file_is_of(store, library):
    title_id = owned(library, SHOW, episode=(2, [3]))
    save_heard(store, of_plex(EPISODE), NOW)
    assert [(row.title_id, row.season, row.episode) for row in store.plays()] == [(title_id, 2, 3)]


def test_a_file_of_another_server_with_the_same_number_is_not_taken_for_it(store, library):
    other = owned(library, Facts(kind=Kind.SHOW, title="Bright Fire", ids={"tmdb": "56"}))
    save_heard(store, of_plex(EPISODE), NOW)
    assert [row.title_id == other for row in store.plays()] == [False]


def test_what_a_server_counted_is_a_play_once_for_each_new_time(store, library):
    title_id = owned(library, A_FILM, views=Views(count=3, last_at=NOW))
    assert save_views(store, NOW).new == 1
    assert save_views(store, NOW).new == 0
    (play,) = store.plays()
    assert (play.title_id, play.watched_at, play.source) == (title_id, NOW, "plex")


def test_a_count_without_a_time_is_a_play_of_an_unknown_day(store, library):
    owned(library, SHOW, episode=(1, [1]), views=Views(count=2))
    for _ in range(2):
        save_views(store, NOW)
    assert [(row.episode, row.watched_at) for row in store.plays()] == [(1, None)]


def test_what_the_webhook_told_and_the_server_counted_is_one_play(store, library):
    owned(library, A_FILM, views=Views(count=1, last_at=NOW - timedelta(minutes=1)))
    save_heard(store, of_plex(), NOW)
    assert save_views(store, NOW).linked == 1
    assert len(store.plays()) == 1


def diary_feed(*items):
    spaces = 'xmlns:letterboxd="https://letterboxd.com" xmlns:tmdb="https://themoviedb.org"'
    return f'<rss version="2.0" {spaces}><channel>{"".join(items)}</channel></rss>'


def logged(number=1, *, day="2026-01-09", stars="4.5", again="No"):
    title = "Parasite"
    return (
        f"<item><title>{title}, 2019 - ★★★★½</title><link>https://letterboxd.com/ann/</link>"
        f'<guid isPermaLink="false">letterboxd-watch-{number}</guid>'
        + (f"<letterboxd:watchedDate>{day}</letterboxd:watchedDate>" if day else "")
        + f"<letterboxd:rewatch>{again}</letterboxd:rewatch>"
        f"<letterboxd:filmTitle>{title}</letterboxd:filmTitle>"
        "<letterboxd:filmYear>2019</letterboxd:filmYear>"
        + (f"<letterboxd:memberRating>{stars}</letterboxd:memberRating>" if stars else "")
        + "<tmdb:movieId>496243</tmdb:movieId></item>"
    )


def test_an_entry_of_a_diary_is_a_play_of_that_day_and_a_rating(store):
    told = diary.read(diary_feed(logged()), BERLIN, NOW)
    (play,), (rating,) = told.plays, told.ratings
    assert play.key == "letterboxd:letterboxd-watch-1"
    assert (play.day_only, play.watched_at) == (True, datetime(2026, 1, 9, 11, tzinfo=UTC))
    assert (play.work.ids, rating.tenths) == ({"tmdb": "496243"}, 9)
    assert store.save(told.batch(), NOW).new == 1
    assert store.save(diary.read(diary_feed(logged()), BERLIN, NOW).batch(), NOW).known == 1
    assert [row.local_day for row in store.plays()] == [date(2026, 1, 9)]


def test_a_film_seen_again_is_two_plays_and_its_newest_rating_holds():
    feed = diary_feed(logged(2, stars="5.0", again="Yes"), logged(1, day="2025-03-01", stars="3.0"))
    told = diary.read(feed, UTC, NOW)
    assert (len(told.plays), told.again) == (2, 1)
    assert [rating.tenths for rating in told.ratings] == [10]


def test_a_review_without_a_day_and_a_list_are_no_plays():
    listed = "<item><title>A list</title><guid>letterboxd-list-5</guid></item>"
    assert diary.read(diary_feed(logged(day=""), listed), UTC, NOW).plays == ()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (logged(day="soon"), 'item 1 has the day "soon"; it is known as 2026-01-31; it was left '
         "out"),
        (logged(day="2026-02-01"), "item 1 was watched 2026-02-01, which is still to come; it was "
         "left out"),
        (logged(stars="7"), 'item 1 has the rating "7", which is none of 0.5 to 5; it was left '
         "out"),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_read_is_left_out_with_its_reason(entry, said):
    told = diary.read(diary_feed(entry, logged(2)), UTC, NOW)
    assert told.problems == (said,)
    assert len(told.plays) == 1


def test_the_day_is_that_of_where_the_member_lives():
    kiritimati = timezone(timedelta(hours=14))
    told = diary.read(diary_feed(logged(day="2026-01-11")), kiritimati, NOW)
    assert told.plays[0].watched_at == datetime(2026, 1, 10, 22, tzinfo=UTC)


def test_what_is_no_feed_is_refused():
    with pytest.raises(Malformed):
        diary.read("<html></html>", UTC, NOW)
