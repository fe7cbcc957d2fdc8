"""Settings of a program for TVmaze and Sonarr, in YAML, as settings of ours.

Nothing of ours is lost: what is set here already stays, and is told of; lists of what is excluded
are put together, and selections are added behind the others. A selection that cannot be taken over
whole is left out whole, for half of it would take more shows than were meant. A text `${NAME}`
stays one.

All texts are read as they are written: Norway is NO, and not "no".
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from movie_sync import config_file, config_keys, config_names, config_tables, import_selections
from movie_sync.config_keys import Setting
from movie_sync.config_sources import KEY_IN_ADDRESS, VARIABLE
from movie_sync.credentials import of_sonarr
from movie_sync.errors import ConfigError, FilesError
from movie_sync.import_selections import UNSET, filled
from movie_sync.shows_settings import DEFAULT_SONARR

LARGEST_BYTES = 1024**2
DEEPEST = 6
NO_YAML = 'reading YAML needs PyYAML, which is not installed: install "movie-sync[shows]"'
SELECTIONS, EXCLUDE = "shows.selections", "shows.exclude."
ENABLED, DRY_RUN = "shows.enabled", "shows.dry_run"
PARTS = ("tvmaze", "sync", "exclude", "selections", "filters", "sonarr", "storage", "logging",
         "server", "dry_run")  # fmt: skip
DRY_RUN_STAYS = (
    "dry_run: false is not taken over, so that nothing is added unseen; look at `shows sync`, then "
    f"set {DRY_RUN} to false"
)


class Brought(Struct, kw_only=True):
    """What of a file is to be set here, and what is to be said of the rest, as sentences."""

    changes: dict[str, Any] = field(default_factory=dict)
    secret: tuple[str, str] | None = None  # name and value of a credential
    kept: list[str] = field(default_factory=list)  # set here already
    left: list[str] = field(default_factory=list)  # could not be taken over
    selections: int = 0  # how many of them are new


class Here(Struct, frozen=True):
    """What there is already."""

    values: Mapping[str, Any]  # of config.json
    environ: Mapping[str, str]
    secrets: frozenset[str]  # names of those that are stored

    def get(self, key: str) -> Any:
        found: Any = self.values
        for name in key.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        return found


def read_file(path: Path) -> dict[str, Any]:
    """What the file says: tables, lists and texts.

    Raises:
        FilesError: it cannot be read, or is no such file.
        ConfigError: a library for it is not installed.
    """
    try:
        import yaml
    except ModuleNotFoundError as error:
        raise ConfigError(NO_YAML) from error
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise FilesError(f"{path} is larger than {LARGEST_BYTES >> 20} MiB; it was not read")
        document = yaml.load(path.read_bytes(), yaml.BaseLoader)  # noqa: S506 - makes texts alone
    except OSError as error:
        raise FilesError(f"{path} cannot be read ({error.strerror}); nothing was set") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        why = getattr(error, "problem", None) or "it is no text"
        raise FilesError(f"{path} is no sound YAML{where} ({why}); nothing was set") from error
    if not isinstance(document, dict) or not set(document) & set(PARTS):
        raise FilesError(f"{path} has none of the sections {', '.join(PARTS[:6])}; nothing was set")
    return document


def bring(document: Mapping[str, Any], here: Here, sonarr: str = DEFAULT_SONARR) -> Brought:
    """What of a file is to be set.

    Args:
        sonarr: what its Sonarr is called here.
    """
    found = Brought()
    table = config_keys.table({"sonarr": [sonarr]})
    given = dict(_leaves(document))
    other = _is_another(given.get(("sonarr", "url")), here, sonarr)
    if other:
        found.kept.append(other)
    for place, value in given.items():
        if place[0] == "selections" or value in (*UNSET, []):
            continue
        if other and place[0] == "sonarr":
            continue
        _take(found, here, table, place, value, sonarr)
    _take_selections(found, here, table[SELECTIONS], document.get("selections"), sonarr)
    if here.get(ENABLED) is None:
        found.changes[ENABLED] = True
    elif here.get(ENABLED) is False:
        found.kept.append(f"{ENABLED} is false here; set it to true when you are ready")
    return found


def _leaves(values: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(values, dict) and len(above) < DEEPEST:
        for name, value in values.items():
            yield from _leaves(value, (*above, str(name)))
    elif above:
        yield above, values


def _is_another(url: Any, here: Here, name: str) -> str | None:
    """What is to be said where the Sonarr of this name is another one."""
    ours = here.get(f"sonarr.{name}.url")
    if ours is None or not isinstance(url, str) or ours.rstrip("/") == url.rstrip("/"):
        return None
    return (
        f"sonarr.{name} is another Sonarr here, and stays; have theirs beside it with "
        "`--sonarr NAME`"
    )


def _take(  # noqa: PLR0917 - a setting is all of these
    found: Brought, here: Here, table: Mapping[str, Setting], place: tuple[str, ...], value: Any,
    sonarr: str,
) -> None:  # fmt: skip
    """One setting of theirs."""
    name, theirs = "_".join(place).upper(), ".".join(place)
    if name in config_names.SECRETS:
        _take_secret(found, here, value, of_sonarr(sonarr))
        return
    if why := config_names.NOT_NEEDED.get(name):
        found.left.append(f"{theirs} is not needed: {why}")
        return
    key = config_names.KEYS.get(name, "")
    key = key.replace(f"sonarr.{DEFAULT_SONARR}.", f"sonarr.{sonarr}.")
    if key not in table:
        found.left.append(f"{theirs} has nothing here that it could be")
        return
    try:
        read = _read(table[key], value, here)
    except (ConfigError, msgspec.MsgspecError) as error:
        allowed = f"must be {table[key].allowed}"
        why = str(error) if isinstance(error, ConfigError) else allowed
        found.left.append(f"{theirs} {why}; {key} is as it was")
        return
    if key == DRY_RUN and read is False:
        found.left.append(DRY_RUN_STAYS)
        return
    _set(found, here, key, read)


def _read(setting: Setting, value: Any, here: Here) -> Any:
    """As config.json is to have it. Raises ConfigError, MsgspecError: it is not allowed."""
    if isinstance(value, str):
        if setting.key.endswith(".url") and KEY_IN_ADDRESS.search(value):
            raise ConfigError("holds a key, which stands in no setting")
        if VARIABLE.search(value):
            setting.read_text(filled(value, here.environ))
            return value
        return _plain(setting.read_text(value))
    texts = value if isinstance(value, list) else None
    if texts is None or not all(isinstance(each, str) for each in texts):
        raise ConfigError("is of no form that is known")
    return _plain(setting.read([each.strip() for each in texts]))


def _plain(value: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def _set(found: Brought, here: Here, key: str, value: Any) -> None:
    ours = here.get(key)
    if ours is None:
        found.changes[key] = value
    elif key.startswith(EXCLUDE) and isinstance(ours, list) and isinstance(value, list):
        known = {str(each).casefold() for each in ours}
        if more := [each for each in value if each.casefold() not in known]:
            found.changes[key] = [*ours, *more]
    elif ours != value:
        found.kept.append(f"{key} is {_shown(ours)} here, and stays; theirs is {_shown(value)}")


def _take_secret(found: Brought, here: Here, value: Any, name: str) -> None:
    if not isinstance(value, str):
        return
    variable = VARIABLE.fullmatch(value)
    if variable and config_names.SECRETS.get(variable[1].removesuffix("_FILE")) == name:
        return  # it is read from there by ourselves
    if name in here.secrets:
        found.kept.append(f"the credential {name} is stored here already, and stays")
        return
    try:
        found.secret = (name, filled(value, here.environ))
    except ConfigError as error:
        found.left.append(f"sonarr.api_key {error}; run `credentials set {name}`")


def _take_selections(
    found: Brought, here: Here, setting: Setting, theirs: Any, sonarr: str
) -> None:
    """Behind ours, in their order."""
    if theirs in (None, *UNSET):
        return
    if not isinstance(theirs, list):
        found.left.append("selections is no list; none is taken over")
        return
    ours = here.get(SELECTIONS)
    tables: list[Any] = list(ours) if isinstance(ours, list) else []
    by_name = {one["name"]: one for one in tables if isinstance(one, dict) and "name" in one}
    count = len(tables)
    for at, one in enumerate(theirs):
        try:
            table = import_selections.read(one, at, here.environ)
        except ConfigError as error:
            found.left.append(f"selections[{at}] is left out: {error}")
            continue
        if sonarr != DEFAULT_SONARR:
            table.setdefault("sonarr", sonarr)
        _, faults = config_tables.read_each(setting, [table])
        known = by_name.get(table["name"])
        if faults:
            found.left += [
                fault.replace(f"{SELECTIONS}[0]", f"selections[{at}]") for fault in faults
            ]
        elif known is None:
            tables.append(table)
            by_name[table["name"]] = table
        elif known != table:
            found.kept.append(f'a selection "{table["name"]}" is here already, and stays')
    found.selections = len(tables) - count
    if found.selections:
        found.changes[SELECTIONS] = tables


def _shown(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def here(path: Path, environ: Mapping[str, str], secrets: frozenset[str]) -> Here:
    """Raises ConfigError: config.json cannot be read; it was left as it is."""
    reading = config_file.read(path)
    if reading.broken:
        raise ConfigError(reading.broken)
    return Here(reading.values, environ, secrets)
