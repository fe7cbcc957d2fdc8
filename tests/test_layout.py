"""The shape of the program: who may import whom, and how much a reader has to hold in the head."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # all of the program and its tests is read

PACKAGE = Path(__file__).parent.parent / "movie_sync"
TESTS = Path(__file__).parent

# From the bottom; each may import those before it. Plumbing is every other module at the top.
LAYERS = ("facts", "plumbing", "services", "library", "areas", "wiring", "demo", "views", "doors")
AREAS = {"films", "shows", "history", "channels"}
LAYER_OF = {
    **dict.fromkeys(("errors", "models", "settings", "setting_types", "retries"), "facts"),
    **dict.fromkeys(("profile_settings", "releases", "titles", "title_keys"), "facts"),
    **dict.fromkeys(("languages", "torrents", "web_settings"), "facts"),
    **dict.fromkeys(("media_names", "subtitle_names"), "facts"),
    **dict.fromkeys(("shows_settings", "sonarr_settings", "config_names"), "facts"),
    **dict.fromkeys(
        ("media_models", "library_models", "library_settings", "history_models"), "facts"
    ),
    **dict.fromkeys(
        ("history_settings", "indexer_settings", "trakt_models", "login_models"), "facts"
    ),
    **dict.fromkeys(AREAS, "areas"),
    **dict.fromkeys(("wiring", "actions", "cleanup", "choosing", "checks", "app"), "wiring"),
    **dict.fromkeys(("giving", "radarr_settings"), "facts"),
    **dict.fromkeys(("wiring_targets", "wiring_shows", "checks_shows"), "wiring"),
    **dict.fromkeys(("wiring_library", "wiring_sources", "answering"), "wiring"),
    **dict.fromkeys(("wiring_history", "wiring_history_parts", "checks_history"), "wiring"),
    "wiring_history_services": "wiring",
    **dict.fromkeys(("messages", "notice_settings", "media_server_settings"), "facts"),
    **dict.fromkeys(
        (
            "needs",
            "notices",
            "notice_texts",
            "notices_of_shows",
            "digest",
            "errands",
            "wiring_errands",
        ),
        "wiring",
    ),
    **dict.fromkeys(
        (
            "running",
            "posters",
        ),
        "wiring",
    ),
    **dict.fromkeys(("first_steps", "first_example", "wiring_first", "settings_change"), "wiring"),
    **dict.fromkeys(("restore", "export_queues", "import_queues", "import_files"), "wiring"),
    **dict.fromkeys(("import_shows", "import_selections"), "wiring"),
    **dict.fromkeys(("wiring_imports", "report", "report_hiding"), "wiring"),
    "wiring_metadata": "wiring",
    **dict.fromkeys(("cli", "web", "__main__"), "doors"),
    **{name: name for name in ("services", "library", "demo", "views")},
}

# What services may not know: they answer questions, and keep nothing.
STORES = {"journal", "queues", "db", "tables", "library_tables", "metadata_tables"}
# Modules beside the services that hold no service, but what several of them speak.
SHARED = {
    "archive_items",
    "arr",
    "arr_words",
    "entries",
    "feeds",
    "jellyfin_shapes",
    "jellyfin_telling",
    "letterboxd_pages",
    "plex_reading",
    "plex_shapes",
    "plex_streams",
    "plex_telling",
    "server_libraries",
    "server_pages",
    "server_words",
    "title_queries",
    "tmdb_api",
    "tmdb_credits",
    "tmdb_facts",
    "tmdb_questions",
    "tmdb_shapes",
    "torznab_failures",
    "trakt_account",
    "trakt_api",
    "trakt_bodies",
    "trakt_changes",
    "trakt_facts",
    "trakt_failures",
    "trakt_pages",
    "trakt_shapes",
    "trakt_titles",
    "torznab_queries",
    "torznab_xml",
    "tvdb_shapes",
    "viki_failures",
    "viki_reading",
    "viki_shapes",
}
# Where services are made; each of them is loaded by what is switched on alone.
CHOOSES_SERVICES = {
    "services",
    "wiring",
    "posters",
    "wiring_imports",
    "wiring_metadata",
    "wiring_errands",
    "wiring_first",
    "cli",
    "wiring_targets",
    "wiring_shows",
    "wiring_sources",
    "wiring_history",
    "wiring_history_parts",
    "wiring_history_services",
}
# What the library may use of them: shapes, and what can be asked for; never who asks.
FOR_LIBRARY = {"tmdb_facts", "tmdb_questions", "tmdb_shapes"}
# What the history may: shapes, and the reading of a file that a person saved.
FOR_HISTORY = {"feeds", "trakt_shapes", "tvdb_shapes", "viki_reading", "viki_shapes"}
# What commands may use of them: shapes, and the reading of a file that a person names.
FOR_COMMANDS = {"DownloadClient", "FilmFacts", "Indexer", "letterboxd_export"}

HEAVY = {
    "apprise",
    "av",
    "bs4",
    "libtorrent",
    "qbittorrentapi",
    "cryptography",
    "rich",
    "fastapi",
    "segno",
    "sqlalchemy",
}
# Imported themselves only when they are switched on.
HEAVY_PARTS = (
    "services",
    "web",
    "db",
    "tables",
    "migrations",
    "shows",
    "library",
    "history",
    "history_tables",
    "history_import_tables",
)
HEAVY_PARTS += ("library_tables", "metadata_tables")
LONGEST_MODULE, LONGEST_FUNCTION = 300, 60

TREES = {
    path.relative_to(PACKAGE): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
}


def part_of(module: Path) -> str:
    """The folder or module right below the package."""
    return module.parts[0].removesuffix(".py")


def height_of(part: str) -> int:
    of_names = part.startswith("release_")  # what `releases` is made of
    return LAYERS.index(LAYER_OF.get(part, "facts" if of_names else "plumbing"))


def imported(tree: ast.AST) -> Iterator[str]:
    """The whole name of each thing that is imported, at any place."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def imports_of_ours() -> list[tuple[Path, str, str]]:
    """Each import of ours by us: the module, the part it imports from, and what below that."""
    found = []
    for module, tree in TREES.items():
        for name in imported(tree):
            package, _, rest = name.partition(".")
            if package == PACKAGE.name and rest != "__version__":
                part, _, below = rest.partition(".")
                found.append((module, part, below.partition(".")[0]))
    return found


def test_imports_point_down_only():
    assert not [
        f"{module} may not import {part}"
        for module, part, _ in imports_of_ours()
        if height_of(part) > height_of(part_of(module))
    ]


def test_an_area_knows_no_other_area():
    assert not [
        f"{module} may not import {part}"
        for module, part, _ in imports_of_ours()
        if {part, part_of(module)} <= AREAS and part != part_of(module)
    ]


def is_service(part: str, below: str) -> bool:
    """Whether it is a module of the services, and not one of the shapes that they share."""
    return part == "services" and (PACKAGE / part / f"{below}.py").exists()


def test_a_service_knows_no_other_service_and_keeps_nothing():
    assert not [
        f"{module} may not import {part} {below}"
        for module, part, below in imports_of_ours()
        if part_of(module) == "services"
        and (part in STORES or part.startswith("queue_") or is_service(part, below))
        and below not in SHARED
    ]


def test_services_are_chosen_in_the_wiring_alone():
    named = {
        below
        for module, part, below in imports_of_ours()
        if part == "services" and part_of(module) == "cli"
    }
    assert named <= FOR_COMMANDS
    assert not [
        f"{module} may not import {below}"
        for module, part, below in imports_of_ours()
        if is_service(part, below)
        and part_of(module) not in CHOOSES_SERVICES
        and not (part_of(module) == "library" and below in FOR_LIBRARY)
        and not (part_of(module) == "history" and below in FOR_HISTORY)
    ]


def test_a_module_says_what_it_is_for():
    assert not [str(module) for module, tree in TREES.items() if not ast.get_docstring(tree)]


def test_a_module_fits_in_a_readers_head():
    lines = {module: (PACKAGE / module).read_text().count("\n") for module in TREES}
    assert {str(module): n for module, n in lines.items() if n > LONGEST_MODULE} == {}


def test_a_function_fits_on_a_screen():
    lengths = {
        f"{module} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FUNCTION} == {}


def ends_every_error(handler: ast.ExceptHandler) -> bool:
    """Whether any error at all may end here. One that cleans up and raises it again ends none."""
    caught = ast.walk(handler.type) if handler.type else ()
    names = {node.id for node in caught if isinstance(node, ast.Name)}
    last = handler.body[-1]
    raised_again = isinstance(last, ast.Raise) and last.exc is None
    return not raised_again and (not handler.type or bool(names & {"Exception", "BaseException"}))


def test_only_the_worker_ends_every_error():
    assert {
        str(module)
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and ends_every_error(node)
    } == {"worker.py"}


def test_only_commands_speak_to_a_terminal():
    speaking = {
        str(module)
        for module, tree in TREES.items()
        if "click" in imported(tree)
        or any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(tree))
    }
    assert {each for each in speaking if not each.startswith("cli/")} <= {"demo/screen.py"}


def test_heavy_libraries_are_imported_by_what_is_switched_on_alone():
    assert not [
        f"{module} imports {name} at once"
        for module, tree in TREES.items()
        for statement in tree.body
        if isinstance(statement, ast.Import | ast.ImportFrom)
        for name in imported(statement)
        if name.partition(".")[0] in HEAVY and part_of(module) not in HEAVY_PARTS
    ]


NO_AREA = {Path("integration"), Path("crash")}  # they are about the program as a whole


def test_tests_mirror_the_package():
    folders = {path.relative_to(TESTS).parent for path in TESTS.rglob("test_*.py")}
    assert not [
        str(folder)
        for folder in folders - {Path("integration"), Path("soak"), Path("crash")}
        if not (PACKAGE / folder).is_dir()
    ]
