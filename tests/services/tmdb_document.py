"""Holds answers and questions against the description that TMDB publishes of its API.

It is too large to be kept here. Where no folder `shared/fixtures/history` lies beside this
repository, nothing is held against anything, and pytest says so.

It was made from examples, so it is read with care: a field whose example is null may be anything,
any field may be null, and all that it names is there.
"""

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[3] / "shared" / "fixtures" / "history"
DOCUMENT = FOLDER / "tmdb-openapi-seed-endpoints.json.gz"
EXAMPLES, RECORDED = FOLDER / "tmdb_openapi_examples", FOLDER / "tmdb_recorded"
NO_DOCUMENT = f"no description of TMDB's API in {FOLDER}; nothing is held against it"
KEY = "api_key"  # is not described, and accepted


@cache
def document() -> dict[str, Any]:
    with gzip.open(DOCUMENT) as file:
        paths: dict[str, Any] = json.load(file)["paths"]
    return paths


def described(path: str) -> tuple[str, dict[str, Any]] | None:
    """The path as it is described, and what is said of asking for it."""
    for template, methods in document().items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), f"/3{path}"):
            return template, methods["get"]
    return None


def question_problems(path: str, params: set[str]) -> list[str]:
    """Why something cannot be asked for so."""
    found = described(path)
    if found is None:
        return [f"{path} is not described"]
    template, get = found
    known = {each["name"] for each in get.get("parameters", []) if each["in"] == "query"} | {KEY}
    needed = {each["name"] for each in get.get("parameters", []) if each.get("required")}
    missing = {each for each in needed - params if f"{{{each}}}" not in template}
    wrong = [f"{path} knows no {name}" for name in sorted(params - known)]
    return wrong + [f"{path} needs {name}" for name in sorted(missing)]


def answer_problems(path: str, answer: Any, *, ignored: set[str] = frozenset()) -> list[str]:
    """Where an answer is not as it is described.

    Args:
        ignored: fields that may be missing or besides, whatever is said of them.
    """
    from jsonschema import Draft202012Validator

    found = described(path)
    if found is None:
        return [f"{path} is not described"]
    content = found[1]["responses"]["200"]["content"]["application/json"]
    validator = Draft202012Validator(_strict(content["schema"], ignored))
    return [
        f"{path} {error.json_path}: {error.message[:200]}"
        for error in validator.iter_errors(answer)
    ]


def _strict(schema: dict[str, Any], ignored: set[str]) -> dict[str, Any]:
    """All that it names must be there, and nothing else; each may be null."""
    if "properties" in schema:
        properties = {name: _strict(each, ignored) for name, each in schema["properties"].items()}
        return {
            "type": ["object", "null"],
            "properties": properties | {name: {} for name in ignored},
            "required": sorted(set(properties) - ignored),
            "additionalProperties": False,
        }
    kind = schema.get("type")
    if kind == "array":
        return {"type": "array", "items": _strict(schema.get("items", {}), ignored)}
    if kind in (None, "object"):
        return {}
    # An example of 5 for what may be 5.5
    return {"type": ["number" if kind == "integer" else kind, "null"]}
