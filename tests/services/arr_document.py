"""Holds what was asked of Sonarr or Radarr against the description that they publish of their API.

The descriptions are too large to be kept here. Where no folder `shared/fixtures/openapi` lies
beside this repository, nothing is held against anything, and pytest says so.

They are mended first: `GET /` names a path parameter that it has not, no object has any required
property, and what Sonarr 3 needs of a language profile is said to be read only.
"""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from movie_sync.demo.server import Request

FOLDER = Path(__file__).parents[3] / "shared" / "fixtures" / "openapi"
SONARR, RADARR = FOLDER / "sonarr-v3.json", FOLDER / "radarr-v3.json"
NO_DOCUMENT = f"no description of Sonarr's API in {FOLDER}; what is asked is not held against it"
REQUIRED = {
    "SeriesResource": ["title", "tvdbId", "qualityProfileId", "rootFolderPath", "addOptions"],
    "MovieResource": ["title", "tmdbId", "qualityProfileId", "rootFolderPath", "addOptions"],
    "TagResource": ["label"],
    "ImportListExclusionResource": ["tvdbId", "title"],
}
PATHS = ("series", "movie", "tag", "importlistexclusion", "rootfolder", "system/status")
PATHS += ("qualityprofile", "languageprofile", "series/lookup", "movie/lookup")
PATHS += ("importlistexclusion/paged",)


def is_held(path: Path, config: pytest.Config) -> bool:
    """Whether requests are held against it: not where only the fast tests are wanted, for it takes
    longer to read than all of them."""
    return path.exists() and "not slow" not in (config.option.markexpr or "")


@cache
def document(path: Path) -> Any:
    """The paths that we ask, and what they are made of."""
    from openapi_core import OpenAPI

    value = json.loads(path.read_text())
    schemas = value["components"]["schemas"]
    for name, required in REQUIRED.items():
        schemas.get(name, {})["required"] = required
    if series := schemas.get("SeriesResource"):
        series["properties"]["languageProfileId"].pop("readOnly")
    asked = {f"/api/v3/{each}" for each in PATHS}
    value["paths"] = {path: each for path, each in value["paths"].items() if path in asked}
    value["servers"] = [{"url": "http://127.0.0.1"}]
    _keep_reached(value)
    return OpenAPI.from_dict(value)


def _keep_reached(value: dict[str, Any]) -> None:
    """Leave out what none of the paths leads to: it would all be read."""
    schemas, reached = value["components"]["schemas"], set[str]()
    ahead = _named(value["paths"])
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead |= _named(schemas[name])
    value["components"]["schemas"] = {name: schemas[name] for name in sorted(reached)}


def _named(value: Any) -> set[str]:
    text = json.dumps(value)
    return {each.partition('"')[0] for each in text.split("#/components/schemas/")[1:]}


def problems(path: Path, requests: Iterable[Request]) -> list[str]:
    """Why requests are not as the description has them."""
    from openapi_core.exceptions import OpenAPIError

    found = []
    asked = {(each.method, each.path, each.raw_query, each.body): each for each in requests}
    for request in asked.values():
        try:
            document(path).validate_request(_Asked(request))
        except OpenAPIError as error:
            why = getattr(error.__cause__, "schema_errors", None) or [error.__cause__ or error]
            found.append(f"{request.method} {request.path}: {'; '.join(map(str, why))[:300]}")
    return found


class _Asked:
    """A request as openapi-core looks at one."""

    def __init__(self, request: Request) -> None:
        from openapi_core.datatypes import RequestParameters
        from werkzeug.datastructures import Headers, ImmutableMultiDict

        self.host_url, self.path = "http://127.0.0.1", request.path
        self.method, self.body = request.method.lower(), request.body
        self.content_type = request.headers.get("Content-Type", "")
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(request.query), header=Headers(list(request.headers.items()))
        )
