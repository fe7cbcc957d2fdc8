"""The settings explained: JSON Schema for editors, and the page docs/config.md for people.

Both are written from `settings.py`; a test holds docs/config.md to it.
"""

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from movie_sync import atomic, config_keys, credentials
from movie_sync.config_keys import PLACEHOLDER, Setting
from movie_sync.errors import FilesError
from movie_sync.settings import Config, Settings

SCHEMA_NAME = "config.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INTRODUCTION = """\
# Settings

<!-- Written by the program: python main.py config schema --markdown > docs/config.md -->

Settings are kept in `~/.movie_sync/config.json`; `--home` or `MOVIE_SYNC_HOME` name another folder.
No key has to be there: what is left out has its default. A later place wins over an earlier one:

1. the default
2. config.json, where `${NAME}` in a text stands for an environment variable
3. the environment: `MOVIE_SYNC_` and the key in capitals, `__` between section and name; with
   `_FILE` behind, a variable names a file that holds the value; an empty one counts as not set
4. the command line

`config show` prints each value and where it is from. A value that is not allowed is left out and
told of at start, in `status` and by `config check`; nothing is deleted until it is mended. With
`--strict` the program does not start. A config.json that cannot be read at all stays as it is;
the last good copy, `config.json~`, is used in its place.

Sections that you name yourself stand below `torznab` and `versions`:
`"torznab": {"prowlarr": {"url": ...}}`. A name is of letters and digits, with `-` or `_` between
them. In a variable, where NAME stands for it below, it is written in capitals, with `_` for `-`.
One that lacks what it needs is left out, and the others are used.

In a variable a list is written with commas or as JSON, a table as `from=to` with commas or as
JSON, a switch as true or false.
"""
SECRETS = """
## Passwords and passkeys

They are not settings. `credentials set NAME` keeps them in the encrypted `credentials.enc`, its
key beside it in `.key`: out of sight, but no hindrance to somebody who can read both. The
environment wins over it, directly or with `_FILE`, and so does `LoadCredential=NAME:path` of
systemd.

| name | variable | |
|---|---|---|
"""


def schema() -> bytes:
    """The JSON Schema of config.json: sections in place, so that every editor shows the texts."""
    full = msgspec.json.schema(Config)
    definitions = full["$defs"]
    root = definitions["Config"]
    for name, kind in config_keys.sections().items():
        root["properties"][name] = _described(kind, definitions)
    for name, kind in config_keys.named_sections().items():
        root["properties"][name] |= {
            "propertyNames": {"pattern": f"^{config_keys.NAME.pattern}$"},
            "additionalProperties": _trimmed(_described(kind, definitions)),
        }
    document = {"$schema": DIALECT, **_trimmed(root), "title": "Movie Sync"}
    return msgspec.json.format(msgspec.json.encode(document)) + b"\n"


def write_schema(home: Path) -> Path:
    """Put the schema beside config.json, where its `$schema` points; untouched if it is the same.

    Raises:
        FilesError: it cannot be written.
    """
    path, text = home / SCHEMA_NAME, schema()
    try:
        if not path.exists() or path.read_bytes() != text:
            atomic.write(path, [text])
    except OSError as error:
        raise FilesError(f"{path} cannot be written ({error.strerror})") from error
    return path


def reference() -> str:
    """The page docs/config.md."""
    table = config_keys.table().values()
    own = [one for one in table if "." not in one.key]
    text = INTRODUCTION + _part("Keys at the top", "", own)
    for name, kind in config_keys.sections().items():
        rows = [one for one in table if one.key.startswith(f"{name}.")]
        text += _part(f"Section `{name}`", inspect.getdoc(kind) or "", rows)
    text += "".join(map(_named_part, config_keys.named_sections()))
    secrets = [*credentials.KNOWN, credentials.of_torznab(PLACEHOLDER)]
    return text + SECRETS + "".join(map(_secret_row, secrets))


def _named_part(name: str) -> str:
    """Sections by names of a person; where the keys stand on the page already, only where."""
    kind = config_keys.named_sections()[name]
    field = next(one for one in structs.fields(Config) if one.name == name)
    sentence = Setting(name, field.type, {}).sentence
    table = config_keys.table({name: [PLACEHOLDER]})
    rows = [one for key, one in table.items() if key.startswith(f"{name}.{PLACEHOLDER}.")]
    title = f"Sections `{name}.{PLACEHOLDER}`"
    for section, known in config_keys.sections().items():
        if known is kind:
            sentence += f" Each has the keys of section `{section}`, with variables such as"
            return f"\n## {title}\n\n{sentence} `{rows[0].variable}`.\n"
    return _part(title, f"{sentence} {inspect.getdoc(kind)}", rows)


def _secret_row(name: str) -> str:
    return f"| `{name}` | `{config_keys.variable(name)}` | {credentials.where(name)} |\n"


def _described(kind: type[Settings], definitions: dict[str, Any]) -> dict[str, Any]:
    return {**definitions[kind.__name__], "description": inspect.getdoc(kind) or ""}


def _part(title: str, sentence: str, rows: Iterable[Setting]) -> str:
    head = f"\n## {title}\n\n" + (f"{sentence}\n\n" if sentence else "")
    return (
        head
        + "| key | default | allowed | | variable |\n|---|---|---|---|---|\n"
        + "".join(map(_row, rows))
    )


def _row(one: Setting) -> str:
    name = one.key.rpartition(".")[2]
    default = f"`{msgspec.json.encode(one.default).decode()}`"
    if one.required:
        default = "must be given"
    variable = f"`{one.variable}`" if name.isidentifier() else ""
    cells = (f"`{name}`", default, one.allowed, one.sentence, variable)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _trimmed(schema: dict[str, Any]) -> dict[str, Any]:
    """Without what says nothing: no key that must be there, and a section's title is its key."""
    kept = {key: value for key, value in schema.items() if key != "title" and value != []}
    kept["properties"] = {
        name: _trimmed(one) if "properties" in one else one
        for name, one in schema["properties"].items()
    }
    return kept
