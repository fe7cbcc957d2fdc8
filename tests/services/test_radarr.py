import json

import pytest

from movie_sync.demo.server import LoopbackServer, Reply
from movie_sync.errors import BadAnswer, NotAuthorised
from movie_sync.http import Http, Pacer
from movie_sync.services.entries import Entry
from movie_sync.services.radarr import Listed, Radarr, headers, read_listed

KEY = "0123456789abcdef0123456789abcdef"
HEAT = {
    "id": 1,
    "title": "Heat",
    "originalTitle": "Heat",
    "year": 1995,
    "tmdbId": 949,
    "imdbId": "tt0113277",
    "monitored": True,
    "hasFile": False,
    "path": "/movies/Heat (1995)",
    "rootFolderPath": "/movies",
    "images": [{"coverType": "poster", "url": "/MediaCover/1/poster.jpg"}],
    "ratings": {"imdb": {"votes": 1, "value": 8.3}},
}


class RadarrSite(LoopbackServer):
    """Answers as Radarr does to who shows its key."""

    def __init__(self):
        super().__init__()
        self.movies = [HEAT]
        self.too_many = False
        self.asked = []

    def answer(self, request):
        self.asked.append((request.path, request.query))
        if request.headers.get("X-Api-Key") != KEY:
            return Reply(401, b'{"error": "Unauthorized"}', "application/json")
        match request.path:
            case "/api/v3/movie" if self.too_many:
                return Reply(200, b"[" + b" " * (33 << 20) + b"]", "application/json")
            case "/api/v3/movie":
                return said(self.movies)
            case "/api/v3/wanted/missing" if self.too_many:
                first = (int(request.query["page"]) - 1) * int(request.query["pageSize"])
                some = self.movies[first : first + int(request.query["pageSize"])]
                return said({"page": 1, "totalRecords": len(self.movies), "records": some})
            case "/api/v3/rootfolder":
                return said([{"id": 1, "path": "/movies", "accessible": True}])
            case _:
                return Reply(404)


def said(value):
    return Reply(200, json.dumps(value).encode(), "application/json")


@pytest.fixture
def site():
    with RadarrSite() as site:
        yield site


@pytest.fixture
def radarr(site):
    opened = Radarr(Http("radarr", site.url, pacer=Pacer(lambda s: None), headers=headers(KEY)))
    yield opened
    opened.close()


def of(**changes):
    (listed,) = read_listed([Entry("film 1", HEAT | changes)]).films
    return listed


def test_a_film_is_read_with_its_ids_and_whether_it_is_there(radarr, site):
    found = radarr.movies()
    (heat,) = found.films
    assert (heat.film.title, heat.film.year) == ("Heat", 1995)
    assert (heat.film.imdb_id, heat.film.tmdb_id) == ("tt0113277", 949)
    assert (heat.has_file, heat.monitored, found.whole) == (False, True, True)
    assert site.asked == [("/api/v3/movie", {"excludeLocalCovers": "true"})]


def test_the_folders_of_its_films_are_told(radarr):
    assert radarr.folders() == ("/movies",)


def test_of_a_library_too_large_for_one_answer_the_missing_films_are_read_by_pages(radarr, site):
    site.too_many = True
    site.movies = [HEAT | {"tmdbId": n, "imdbId": f"tt{n:07}"} for n in range(1, 452)]
    found = radarr.movies()
    assert (len(found.films), found.whole) == (451, False)
    assert [query["page"] for path, query in site.asked if "missing" in path] == ["1", "2", "3"]


def test_a_wrong_key_says_where_the_right_one_goes(site):
    opened = Radarr(Http("radarr", site.url, headers=headers("x"), tries=1))
    with pytest.raises(NotAuthorised, match=r"credentials set radarr\.api_key"):
        opened.movies()
    opened.close()


@pytest.mark.parametrize("movies", [{"error": "x"}, [1], "x", [{"no": "film"}]])
def test_what_is_no_list_of_films_is_a_bad_answer(radarr, site, movies):
    site.movies = movies
    with pytest.raises(BadAnswer):
        radarr.movies()


def test_a_radarr_without_films_has_none(radarr, site):
    site.movies = []
    assert radarr.movies().films == ()


@pytest.mark.parametrize(
    ("values", "has_file", "monitored"),
    [
        ({"hasFile": True}, True, True),
        ({"hasFile": "True"}, True, True),
        ({"monitored": False}, False, False),
        ({"monitored": "false", "hasFile": "no"}, False, False),
        ({"monitored": None, "hasFile": None}, False, True),
        ({"year": 0, "imdbId": "", "tmdbId": 949}, False, True),
    ],
)
def test_flags_are_read_as_people_and_programs_write_them(values, has_file, monitored):
    listed = of(**values)
    assert isinstance(listed, Listed)
    assert (listed.has_file, listed.monitored) == (has_file, monitored)


def test_what_cannot_be_read_is_named_and_hides_nothing_else():
    found = read_listed([Entry("film 1", {"year": 3}), Entry("film 2", HEAT)])
    assert found.bad == ('film 1 has the year "3"',)
    assert len(found.films) == 1
