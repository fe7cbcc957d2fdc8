"""Extra: answers of Plex as others have them, read by ours, and our stand-in held against what Plex
publishes of its API.

They are too large to be kept here. Where no folder `shared/fixtures/plex` lies beside this
repository, nothing is held against anything, and pytest says so.
"""

import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
import pytest

from movie_sync.demo.plex_site import JSON, PlexSite, Shelf, episode, film, show
from movie_sync.demo.server import LoopbackServer, Reply
from movie_sync.http import Http, Pacer
from movie_sync.library_models import Found, MarkerKind, Unread
from movie_sync.services.plex import headers
from movie_sync.services.plex_library import PlexLibrary

FOLDER = Path(__file__).parents[3] / "shared" / "fixtures" / "plex"
DOCUMENT = FOLDER / "plex-media-server-openapi-1.1.1.yaml"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not DOCUMENT.exists(),
        reason=f"no answers of Plex in {FOLDER}; nothing is held against them",
    ),
]


def as_json(element: ET.Element) -> dict[str, Any]:
    """As Plex tells the same in JSON; all numbers stay texts."""
    told: dict[str, Any] = dict(element.attrib)
    for child in element:
        name = "Metadata" if child.get("ratingKey") else child.tag
        told.setdefault(name, []).append(as_json(child))
    return told


def container(*files: str) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for file in files:
        told = as_json(ET.parse(FOLDER / file).getroot())  # noqa: S314 - our own
        items = whole.get("Metadata", []) + told.get("Metadata", [])
        whole = told | ({"Metadata": items, "size": str(len(items))} if items else {})
    return whole


class Recorded(LoopbackServer):
    """Tells what lies in the folder."""

    def answer(self, request):
        lists = {"1": "movies_all_guids", "2": "shows_all", "4": "episodes_all"}
        if request.path == "/library/sections":
            told = container("synthetic/sections.xml")
        elif request.path.endswith("/all"):
            told = container(f"synthetic/{lists[request.query['type']]}.xml")
        else:
            keys = request.path.rpartition("/")[2].split(",")
            known = [f"synthetic/metadata_{key}.xml" for key in keys]
            told = container(*(file for file in known if (FOLDER / file).exists()))
        return Reply(200, msgspec.json.encode({"MediaContainer": told}), JSON)


@pytest.fixture
def read():
    """What is told of each file, by its uri."""
    http = []

    def look(url):
        http.append(Http("plex", url, headers=headers("t"), pacer=Pacer(lambda seconds: None)))
        plex = PlexLibrary("home", http[0], path_map={"/data": "/srv"})
        return list(plex.discover({}, Event()))

    yield look
    for each in http:
        each.close()


def test_answers_of_others_are_read(read):
    with Recorded() as site:
        told = read(site.url)
    found = {each.uri: each for each in told if isinstance(each, Found)}
    assert set(found) == {
        "plex:1:101:6010", "plex:1:102:6020", "plex:1:102:99102", "plex:1:103:6030",
        "plex:1:103:6031", "plex:1:104:6040", "plex:1:105:6050", "plex:2:401:9010",
    }  # fmt: skip
    alpha = found["plex:1:101:6010"]
    assert alpha.told[0].ids["imdb"] == "tt0000101"
    assert alpha.told[0].ids["tmdb"] == "1001"
    assert alpha.views.count == 3
    kinds = [each.kind for each in alpha.markers]
    assert kinds == [MarkerKind.CREDITS, MarkerKind.CHAPTER, MarkerKind.CHAPTER]
    assert [found[f"plex:1:102:{part}"].told[0].part for part in (6020, 99102)] == [1, 2]
    assert found["plex:1:103:6030"].path == (
        "/srv/Movies 4K/Ünïcode Фильм 映画 (2015)/Ünïcode Фильм 映画 (2015) - 2160p.mkv"
    )
    assert found["plex:1:104:6040"].told[0].ids == {}
    assert found["plex:1:105:6050"].told[0].edition == "Director's Cut"
    assert found["plex:2:401:9010"].told[0].ids["tvdb"] == "70201"
    # Of the other episodes the folder holds the lists alone.
    assert {type(each) for each in told if each not in found.values()} == {Unread}


@cache
def described() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    whole: dict[str, Any] = yaml.load(
        DOCUMENT.read_text(), getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    )
    return whole


def problems(value: Any, schema: str) -> list[str]:
    from jsonschema import Draft202012Validator

    whole = described()
    form = {"$ref": f"#/components/schemas/{schema}", "components": whole["components"]}
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:120]}"
        for error in Draft202012Validator(form).iter_errors(value)
        if "'key' is a required" not in error.message or "Stream" not in error.absolute_path
    ]  # a stream in the file has no address of its own, whatever is said of it


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/library/sections/1/all?type=1&includeGuids=1", "MediaContainerWithMetadata"),
        ("/library/sections/2/all?type=2&includeGuids=1", "MediaContainerWithMetadata"),
        ("/library/sections/2/all?type=4&includeGuids=1", "MediaContainerWithMetadata"),
        ("/library/metadata/7,50", "MediaContainerWithMetadata"),
    ],
)
def test_the_stand_in_answers_as_plex_describes_its_own(path, schema):
    harbour = show(1, "Quiet Harbour", 2001)
    films = Shelf("1", "Films", [film(7, "A", 2001, viewCount=1, lastViewedAt=1_690_000_000)])
    shows = Shelf("2", "Shows", [episode(harbour, 50, 1, 1)], kind="show", shows=[harbour])
    with PlexSite([films, shows]) as site:
        http = Http("plex", site.url, headers=headers(site.token), pacer=Pacer(lambda s: None))
        told = http.get_json(path)
        http.close()
    assert problems(told, schema) == []
