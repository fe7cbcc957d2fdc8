import pytest

from movie_sync.history.import_models import Options
from movie_sync.history.preview import Share, preview
from movie_sync.history.trakt_import import TraktReading
from movie_sync.history_tables import plays, syncs, wishes
from movie_sync.library_tables import titles
from tests.history.imports import at


@pytest.fixture
def told(house):
    house.world.play(("movie", 28), at(1))
    house.world.play(("movie", 28), at(2))
    house.world.film(30, "Home Video", 2001)
    house.world.play(("movie", 30), at(1))
    for number in (1, 2, 3):
        house.world.play(("episode", house.world.episode(7, 1, number)), at(number))
    house.world.want(("movie", 29), "2025-12-01T00:00:00.000Z")
    house.world.rate(("movie", 28), 8, "2025-12-01T00:00:00.000Z")
    house.trakt.odd = [{"id": 5, "type": "hologram"}]
    return house


def look(house, **tell):
    return preview(TraktReading(house.trakt, Options()), house.store, **tell)


def counts(house):
    with house.db.read() as connection:
        return [
            len(connection.execute(one.select()).all()) for one in (plays, syncs, wishes, titles)
        ]


def test_it_counts_what_an_import_would_bring_and_writes_nothing(told):
    seen = look(told)
    assert seen.films == Share(total=2, new=1, unmatched=1)
    assert seen.series == Share(total=1, new=1)
    assert seen.episodes == Share(total=3, new=3)
    assert seen.plays == Share(total=6, new=5, unmatched=1)
    assert seen.watchlist == Share(total=1, new=1)
    assert (seen.ratings, seen.unread_count, len(seen.unread)) == (1, 1, 1)
    assert counts(told) == [0, 0, 0, 0]


def test_after_the_import_all_of_it_is_known(told):
    told.do()
    told.world.play(("episode", told.world.episode(7, 1, 4)), at(9))
    seen = look(told)
    assert seen.films == Share(total=2, known=1, unmatched=1)
    assert seen.series == Share(total=1, known=1)
    assert seen.episodes == Share(total=4, new=1, known=3)
    assert seen.plays == Share(total=7, new=1, known=5, unmatched=1)
    assert seen.watchlist == Share(total=1, known=1)


def test_it_says_what_it_reads_and_can_be_ended(told):
    said = []

    def tell(sentence):
        said.append(sentence)
        if sentence == "ratings":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        look(told, tell=tell)
    assert said == ["page 1 of 1", "", "ratings"]
