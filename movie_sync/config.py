"""The settings in force, and what is wrong with those that are not.

Defaults < config.json < environment < command line, key by key. A value that is not allowed is
left out and told of, never the reason that the program does not start; only what deletes is off
until it is mended. `Loaded.problems` is what to show at start, in `status` and in `doctor`.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from movie_sync import config_file, config_keys, config_sources, config_tables
from movie_sync.config_keys import Setting
from movie_sync.config_sources import Given, Problem, Source
from movie_sync.errors import ConfigError
from movie_sync.settings import Config

DEFAULT_HOME = "~/.movie_sync"
DOWNLOADS = "~/Downloads"
LEAST_CHECK_INTERVAL_S = 60

T = TypeVar("T")

__all__ = ["Loaded", "Problem", "folder", "home_folder", "load", "require_strict", "write"]


class Loaded(Struct, frozen=True):
    """The settings in force, with where each is from."""

    config: Config
    problems: tuple[Problem, ...]
    origins: Mapping[str, str]  # key -> "default", "config.json line 4", "MOVIE_SYNC_USERNAME" ...
    notices: tuple[str, ...] = ()  # what was changed without being wrong

    @property
    def deletions_allowed(self) -> bool:
        """Nothing is deleted by settings that are not what the person wrote."""
        return not self.problems

    @property
    def adding_allowed(self) -> bool:
        """No show is added by rules that are not what the person wrote."""
        theirs = ("shows.", "sonarr.", "database_url")
        return not any(one.key.startswith(theirs) for one in self.problems)


def home_folder(option: str | None, environ: Mapping[str, str]) -> Path:
    """The folder that holds everything, made for its owner alone where it is missing.

    Raises:
        ConfigError: it cannot be made.
    """
    home = folder(option or environ.get("MOVIE_SYNC_HOME") or DEFAULT_HOME)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"{home} cannot be made ({error.strerror}); nothing was started; "
            "name another folder with --home or MOVIE_SYNC_HOME"
        ) from error
    return home


def folder(text: str) -> Path:
    """A folder as a setting names it: `~` is the home of this user, and `~/Downloads` their
    folder for downloads, by whatever name their desktop has it.

    Raises:
        ConfigError: this user has no home.
    """
    if Path(text).is_relative_to(DOWNLOADS):
        from platformdirs import user_downloads_path

        return user_downloads_path() / Path(text).relative_to(DOWNLOADS)
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:
        raise ConfigError(f"this user has no home folder; write {text} as a whole path") from None


def load(
    home: Path,
    environ: Mapping[str, str],
    overrides: Mapping[str, object],
    config_path: Path | None = None,
) -> Loaded:
    """Read all sources. A file without a fault is remembered as the last good copy.

    Args:
        overrides: what the command line gave, by key; None is not given.
        config_path: in place of config.json in `home`; it must exist.

    Raises:
        ConfigError: the command line gave a value that is not allowed.
    """
    reading = config_file.read(config_path or home / config_file.NAME)
    names = config_sources.names(reading, environ)
    table = config_keys.table(names)
    file = config_sources.from_file(reading, table, environ)
    variables = config_sources.from_environment(table, environ)
    options = config_sources.from_command_line(overrides)
    problems = _of_the_file(reading, named=config_path is not None)
    problems += file.problems + variables.problems
    values, origins = _choose(table, (options, variables, file), problems)
    lacking = _lacking(table, values)
    problems += _not_told(lacking, reading, problems)
    left_out = tuple(f"{key.rpartition('.')[0]}." for key in lacking)
    values, origins = _without(left_out, values), _without(left_out, origins)
    names = {
        kind: [name for name in own if f"{kind}.{name}." not in left_out]
        for kind, own in names.items()
    }
    notices = _raise_check_interval(values) + config_sources.other_notices(environ)
    if not problems:
        config_file.keep_good_copy(reading)
    config = config_keys.assemble(values, names)
    return Loaded(config, tuple(problems), origins, notices)


def require_strict(loaded: Loaded) -> None:
    """For --strict.

    Raises:
        ConfigError: there are problems; all of them.
    """
    if loaded.problems:
        raise ConfigError("; and ".join(one.message for one in loaded.problems))


def write(home: Path, changes: Mapping[str, object], config_path: Path | None = None) -> None:
    """Set keys ("qbittorrent.url") in config.json and leave all others as they are.

    Raises:
        ConfigError: the file cannot be read; it was left as it is.
        FilesError: it cannot be written; it was left as it is.
    """
    config_file.write(config_path or home / config_file.NAME, changes)


def _of_the_file(reading: config_file.Reading, *, named: bool) -> list[Problem]:
    if reading.broken:
        return [Problem("", reading.broken)]
    if reading.data is None and named:
        return [Problem("", f"there is no file {reading.path}; defaults are used")]
    return []


def _choose(
    table: Mapping[str, Setting], sources: tuple[Source, ...], problems: list[Problem]
) -> tuple[dict[str, Any], dict[str, str]]:
    """For each key the first allowed value; the sources are in order of their rank."""
    values: dict[str, Any] = {}
    origins = dict.fromkeys(table, "default")
    for key, setting in table.items():
        refused: list[Given] = []
        for given in (source.given[key] for source in sources if key in source.given):
            try:
                values[key] = _read(setting, given)
            except msgspec.MsgspecError:
                tables = _tables(setting, given)
                if tables is None:
                    refused.append(given)
                    continue
                values[key], faults = tables
                origins[key] = given.origin
                problems += [Problem(key, f"{given.before}{fault}") for fault in faults]
                break
            else:
                origins[key] = given.origin
                break
        used = f"{msgspec.json.encode(values.get(key, setting.default)).decode()} is used"
        if setting.required and key not in values:
            used = f"{key.rpartition('.')[0]} is left out"
        for given in refused:
            shown = f", not {given.shown}" if given.shown else ""
            wrong = f"{given.subject} must be {setting.allowed}{shown}"
            if given.origin == config_sources.COMMAND_LINE:
                raise ConfigError(wrong)
            problems.append(Problem(key, f"{wrong}; {used}{_guess(setting, given)}"))
    return values, origins


def _lacking(table: Mapping[str, Setting], values: Mapping[str, Any]) -> list[str]:
    """Keys without a value, without which their sections are of no use."""
    return [key for key, setting in table.items() if setting.required and key not in values]


def _not_told(
    lacking: list[str], reading: config_file.Reading, told: list[Problem]
) -> Iterator[Problem]:
    known = {problem.key for problem in told}
    for key in lacking:
        if key in known:
            continue
        section, _, name = key.rpartition(".")
        lines = reading.lines.get(tuple(section.split(".")))
        where = f"{reading.path.name}, line {lines[-1]}: " if lines else ""
        yield Problem(key, f"{where}{section} has no {name}, and is left out")


def _without(sections: tuple[str, ...], values: dict[str, T]) -> dict[str, T]:
    return {key: value for key, value in values.items() if not key.startswith(sections)}


def _read(setting: Setting, given: Given) -> Any:
    return setting.read_text(given.value) if given.as_text else setting.read(given.value)


def _tables(setting: Setting, given: Given) -> tuple[tuple[Any, ...], list[str]] | None:
    """Of a list of tables those that are allowed, and what is wrong with the others."""
    if not config_tables.are_tables(setting):
        return None
    try:
        tables = msgspec.json.decode(given.value) if given.as_text else given.value
    except msgspec.MsgspecError:
        return None
    return config_tables.read_each(setting, tables) if isinstance(tables, list) else None


def _guess(setting: Setting, given: Given) -> str:
    choices = [str(choice) for choice in config_keys.choices(setting)]
    guess = config_keys.nearest(str(given.value), choices)
    return f'; did you mean "{guess}"?' if guess else ""


def _raise_check_interval(values: dict[str, Any]) -> tuple[str, ...]:
    asked_s = values.get("check_interval", LEAST_CHECK_INTERVAL_S)
    if asked_s >= LEAST_CHECK_INTERVAL_S:
        return ()
    values["check_interval"] = LEAST_CHECK_INTERVAL_S
    return (
        f"check_interval is {asked_s} s; {LEAST_CHECK_INTERVAL_S} s is used, "
        "the least that watchlist sites are asked",
    )
