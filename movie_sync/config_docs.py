"""The settings explained: JSON Schema for editors, and the page docs/config.md for people.

Both are written from `settings.py`; a test holds docs/config.md to it.
"""

import inspect
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from movie_sync import atomic, config_keys, config_names, config_tables, credentials
from movie_sync.config_keys import PLACEHOLDER, Setting
from movie_sync.errors import FilesError
from movie_sync.settings import Config

SCHEMA_NAME = "config.schema.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
INTRODUCTION = """\
# Settings

<!-- Written by the program: python main.py config schema --markdown > docs/config.md -->

Settings are kept in `~/.movie_sync/config.json`; `--home` or `MOVIE_SYNC_HOME` name another folder.
No key has to be there: what is left out has its default. A later place wins over an earlier one:

1. the default
2. config.json, where `${NAME}` in a text stands for an environment variable, or for what the file
   holds that `NAME_FILE` names
3. the environment: `MOVIE_SYNC_` and the key in capitals, `__` between section and name; with
   `_FILE` behind, a variable names a file that holds the value; an empty one counts as not set
4. the command line

`config show` prints each value and where it is from. A value that is not allowed is left out and
told of at start, in `status` and by `config check`; nothing is deleted until it is mended. With
`--strict` the program does not start. A config.json that cannot be read at all stays as it is;
the last good copy, `config.json~`, is used in its place.

Sections that you name yourself stand below `torznab`, `versions` and `sonarr`:
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
OTHER_NAMES = """
## Other names of variables

These are read too, each with `_FILE` as well; where ours is set, it is used and not they.

| variable | key |
|---|---|
"""


def schema() -> bytes:
    """The JSON Schema of config.json: sections in place, so that every editor shows the texts."""
    full = msgspec.json.schema(Config)
    definitions = full["$defs"]
    root = _in_place(definitions["Config"], definitions)
    for name in config_keys.named_sections():
        part = root
        for each in name.split("."):
            part = part["properties"][each]
        part["propertyNames"] = {"pattern": f"^{config_keys.NAME.pattern}$"}
    document = {"$schema": DIALECT, **root, "title": "Movie Sync"}
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
        rows = [one for one in table if one.key.rpartition(".")[0] == name]
        if not rows:
            continue  # all of it are sections again
        text += _part(f"Section `{name}`", inspect.getdoc(kind) or "", rows)
        text += "".join(_tables_part(one) for one in rows if config_tables.are_tables(one))
    text += "".join(map(_named_part, config_keys.named_sections()))
    of_named = (credentials.of_torznab, credentials.of_sonarr)
    secrets = [*credentials.KNOWN, *(of(PLACEHOLDER) for of in of_named)]
    return text + SECRETS + "".join(map(_secret_row, secrets)) + _other_names()


def _named_part(name: str) -> str:
    """Sections by names of a person; where the keys stand on the page already, only where."""
    kind = config_keys.named_sections()[name]
    part, _, last = name.rpartition(".")
    of = config_keys.sections()[part] if part else Config
    field = next(one for one in structs.fields(of) if one.name == last)
    sentence = Setting(name, field.type, {}).sentence
    table = config_keys.table({name: [PLACEHOLDER]})
    rows = [one for key, one in table.items() if key.startswith(f"{name}.{PLACEHOLDER}.")]
    title = f"Sections `{name}.{PLACEHOLDER}`"
    for section, known in config_keys.sections().items():
        if known is kind:
            sentence += f" Each has the keys of section `{section}`, with variables such as"
            return f"\n## {title}\n\n{sentence} `{rows[0].variable}`.\n"
    return _part(title, f"{sentence} {inspect.getdoc(kind)}", rows)


def _tables_part(setting: Setting) -> str:
    """The keys of each table in a list of them."""
    kind = config_tables.table_of(setting)
    rows = config_keys.settings_of(kind)
    return _part(f"Tables of `{setting.key}`", inspect.getdoc(kind) or "", rows, inner=True)


def _other_names() -> str:
    """The variables that are not called by our own rule."""
    names = config_names.KEYS | config_names.SECRETS
    rows = "".join(f"| `{name}` | `{key}` |\n" for name, key in names.items())
    return OTHER_NAMES + rows


def _secret_row(name: str) -> str:
    return f"| `{name}` | `{config_keys.variable(name)}` | {credentials.where(name)} |\n"


def _in_place(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """With every table where it is named, and without what says nothing: no key has to be there,
    and a section's title is its key."""
    if name := schema.get("$ref", "").rpartition("/")[2]:
        return _in_place(definitions[name], definitions)
    kept = {key: value for key, value in schema.items() if value != []}
    if "properties" in kept:
        del kept["title"]
        kept["description"] = inspect.cleandoc(kept.get("description", ""))
        properties = schema["properties"].items()
        kept["properties"] = {name: _in_place(one, definitions) for name, one in properties}
    for key in ("items", "additionalProperties"):
        if isinstance(kept.get(key), dict):
            kept[key] = _in_place(kept[key], definitions)
    return kept


def _part(title: str, sentence: str, rows: Iterable[Setting], *, inner: bool = False) -> str:
    """A table of settings; those of inner tables have no variables."""
    text = f"\n## {title}\n\n" + (f"{sentence}\n\n" if sentence else "")
    text += f"| key | default | allowed | |{' |' if inner else ' variable |'}\n"
    return text + "|---|---|---|---|---|\n" + "".join(_row(one, inner=inner) for one in rows)


def _row(one: Setting, *, inner: bool) -> str:
    name = one.key if inner else one.key.rpartition(".")[2]
    default = f"`{msgspec.json.encode(one.default).decode()}`"
    if one.required:
        default = "must be given"
    variable = f"`{one.variable}`" if name.isidentifier() and not inner else ""
    cells = (f"`{name}`", default, one.allowed, one.sentence, variable)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
