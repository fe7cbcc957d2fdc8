import json

import msgspec
import pytest

from movie_sync import config, config_docs, config_keys, config_names, setting_text
from movie_sync.credentials import Credentials, asked, needed
from movie_sync.errors import ConfigError
from movie_sync.shows_settings import Days, Filters, Selection, Shows, Sonarr, seconds, target


def load(home, values=None, environ=None):
    if values is not None:
        text = values if isinstance(values, str) else json.dumps(values)
        (home / "config.json").write_text(text)
    return config.load(home, environ or {}, {})


def messages(loaded):
    return [problem.message for problem in loaded.problems]


@pytest.mark.parametrize(
    ("time", "length_s"),
    [("90", 90), ("90s", 90), ("30 m", 1800), ("6h", 21_600), ("1w", 604_800), ("1y", 31_557_600),
     ("99y", 315_360_000)],
)  # fmt: skip
def test_a_time_is_a_number_with_a_unit(time, length_s):
    assert msgspec.convert(time, Shows.__annotations__["abandon_after"].__origin__) == time
    assert seconds(time) == length_s


@pytest.mark.parametrize("time", ["6hours", "0h", "", "h", "-1h", 21600, None])
def test_a_time_that_is_none_is_refused_at_once(tmp_path, time):
    loaded = load(tmp_path, {"shows": {"poll_interval": time}})
    assert messages(loaded) == [
        'config.json, line 1: shows.poll_interval must be a text as "90s", "30m", "6h", "7d", "1w" '
        f'or "1y", not {json.dumps(time)}; "6h" is used'
    ]
    assert loaded.config.shows.poll_interval_s == 21_600
    assert not loaded.adding_allowed


def test_sections_within_sections_are_read_with_their_lines(tmp_path):
    text = '{"shows": {"exclude": {"genres": ["Sports"]},\n"filters": {"rating": {"min": 7}}}}'
    loaded = load(tmp_path, text)
    assert messages(loaded) == []
    assert loaded.config.shows.exclude.genres == ("Sports",)
    assert loaded.config.shows.filters.rating.min == 7
    assert loaded.origins["shows.filters.rating.min"] == "config.json line 2"
    assert loaded.adding_allowed


@pytest.mark.parametrize(
    ("shows", "message"),
    [
        (
            {"exclude": {"genre": ["Sports"]}},
            'there is no setting "shows.exclude.genre"; it is ignored; did you mean '
            '"shows.exclude.genres"?',
        ),
        (
            {"exclude": None},
            '"shows.exclude" must be a section, as {"shows": {"exclude": {...}}}; it is ignored',
        ),
        (
            {"exclude": {"languages": None}},
            "shows.exclude.languages must be a list of texts, not null; [] is used",
        ),
        (
            {"filters": {"premiered": {"after": "2010"}}},
            'shows.filters.premiered.after must be a day, as 2010-01-31, or null, not "2010"; null '
            "is used",
        ),
        ({"selections": {}}, "shows.selections must be a list of tables, not {}; [] is used"),
        (
            {"selections": [{"name": "a"}, {"name": "b", "genre": ["Drama"]}]},
            'shows.selections[1] (b) is left out: it has no key "genre"; did you mean "genres"?',
        ),
        (
            {"selections": [{"name": "a"}, {"rating": {"minimum": 5}}]},
            'shows.selections[1] is left out: it has no key "rating.minimum"',
        ),
        (
            {"selections": [{"name": "a"}, {"rating": {"min": "much"}}]},
            "shows.selections[1] is left out: rating.min must be a number from 0 to 10, or null",
        ),
        (
            {"selections": [{"name": "a"}, {"languages": ["English", 5]}]},
            "shows.selections[1] is left out: languages must be a list of texts",
        ),
        (
            {"selections": [{"name": "a"}, {"premiered": "2010-01-01"}]},
            "shows.selections[1] is left out: premiered must be a table",
        ),
        (
            {"selections": [{"name": "a"}, {"monitor": "everything"}]},
            "shows.selections[1] is left out: monitor must be one of all, existing, firstSeason, "
            "future, lastSeason, latestSeason, missing, none, pilot, recent, or null",
        ),
        ({"selections": [{"name": "a"}, 5]}, "shows.selections[1] is left out: it must be a table"),
    ],
)
def test_what_is_wrong_in_shows_is_one_sentence_and_nothing_is_added(tmp_path, shows, message):
    loaded = load(tmp_path, {"shows": shows})
    assert messages(loaded) == [f"config.json, line 1: {message}"]
    assert not loaded.adding_allowed
    assert [one.name for one in loaded.config.shows.selections] == ["a"] * (
        "(b)" in message or "[1]" in message
    )


def test_problems_elsewhere_do_not_keep_shows_from_being_added(tmp_path):
    assert load(tmp_path, {"usrname": ""}).adding_allowed


SERVER = "http://sonarr:8989"


def test_variables_have_the_names_of_a_program_for_shows_alone(tmp_path):
    (tmp_path / "limit").write_text("12\n")
    environ = {
        "TVMAZE_RATE_LIMIT_FILE": str(tmp_path / "limit"),
        "TVMAZE_UPDATE_WINDOW": "DAY",
        "SYNC_POLL_INTERVAL": "6h",
        "SYNC_ABANDON_AFTER": "2y",
        "EXCLUDE_TYPES": "News, Talk Show",
        "FILTERS_GENRES_EXCLUDE": "Reality,Talk Show,Game Show",
        "FILTERS_LANGUAGES_INCLUDE": "English",
        "FILTERS_STATUS_EXCLUDE_ENDED": "true",
        "FILTERS_PREMIERED_AFTER": "2010-01-01",
        "FILTERS_MIN_RUNTIME": "20",
        "SONARR_URL": SERVER,
        "SONARR_ROOT_FOLDER": "/tv",
        "SONARR_QUALITY_PROFILE": "HD-1080p",
        "SONARR_MONITOR": "latestseason",
        "SONARR_SEARCH_ON_ADD": "no",
        "SONARR_TAGS": "auto-sync",
        "LOGGING_LEVEL": "INFO",
        "SERVER_PORT": "8080",
        "DRY_RUN": "false",
    }
    loaded = load(tmp_path, environ=environ)
    assert messages(loaded) == []
    shows = loaded.config.shows
    assert (shows.rate_limit, shows.update_window, shows.dry_run) == (12, "day", False)
    assert (shows.exclude.types, shows.abandon_after) == (("News", "Talk Show"), "2y")
    filters = shows.filters
    assert filters.genres.exclude == ("Reality", "Talk Show", "Game Show")
    assert (filters.languages.include, filters.min_runtime) == (("English",), 20)
    assert (filters.status.exclude_ended, str(filters.premiered.after)) == (True, "2010-01-01")
    assert loaded.config.sonarr == {
        "main": Sonarr(
            url=SERVER, root_folder="/tv", quality_profile="HD-1080p", monitor="latestSeason",
            search_on_add=False, tags=("auto-sync",),
        )
    }  # fmt: skip
    assert (loaded.config.web.port, loaded.config.log_level) == (8080, "info")
    assert loaded.origins["shows.rate_limit"] == "TVMAZE_RATE_LIMIT_FILE"


def test_every_other_name_is_of_a_setting_and_every_one_of_the_plain_form_has_one():
    table = config_keys.table({"sonarr": ["main"]})
    assert set(config_names.KEYS.values()) <= table.keys()
    plain = {key for key in table if key.startswith(("shows.filters.", "shows.exclude."))}
    assert plain <= set(config_names.KEYS.values())


def test_our_own_name_wins_and_both_are_told_of(tmp_path):
    environ = {"MOVIE_SYNC_SHOWS__RATE_LIMIT": "5", "TVMAZE_RATE_LIMIT": "10"}
    loaded = load(tmp_path, environ=environ)
    assert loaded.config.shows.rate_limit == 5
    assert messages(loaded) == [
        "MOVIE_SYNC_SHOWS__RATE_LIMIT and TVMAZE_RATE_LIMIT are both set; "
        "MOVIE_SYNC_SHOWS__RATE_LIMIT is used"
    ]


def test_variables_that_do_nothing_here_are_told_of_and_harm_nothing(tmp_path):
    environ = {
        "TVMAZE_API_KEY_FILE": "/run/secrets/tvmaze",
        "SYNC_RETRY_DELAY": "1w",
        "FILTERS_GENRE_EXCLUDE": "Drama",
        "SYNC_TO": "elsewhere",
        "SONARR__AUTH__APIKEY": "of Sonarr itself",
    }
    loaded = load(tmp_path, environ=environ)
    assert loaded.problems == ()
    assert loaded.notices == (
        "FILTERS_GENRE_EXCLUDE is no setting and is ignored; did you mean "
        '"FILTERS_GENRES_EXCLUDE"?',
        "SYNC_RETRY_DELAY is not needed: a show without a TVDB id comes again by itself as soon as "
        "it gets one; it is ignored",
        "TVMAZE_API_KEY_FILE is not needed: TVMaze's catalogue is open to everybody, and a key "
        "changes nothing there; it is ignored",
    )


@pytest.mark.parametrize("text", ["${ROOT}", "${ROOT_FILE}"])
def test_a_name_in_the_file_stands_for_what_a_secrets_file_holds(tmp_path, text):
    (tmp_path / "root").write_text("/tv\n")
    values = {"sonarr": {"main": {"url": SERVER, "root_folder": text}}}
    loaded = load(tmp_path, values, {"ROOT_FILE": str(tmp_path / "root"), "ROOT": "/other"})
    assert messages(loaded) == []
    assert loaded.config.sonarr["main"].root_folder == "/tv"


def test_a_name_in_a_table_is_filled_in_and_one_that_is_missing_is_told_of(tmp_path):
    values = {"shows": {"selections": [{"root_folder": "${ROOT}"}]}}
    loaded = load(tmp_path, values, {"ROOT": "/tv"})
    assert loaded.config.shows.selections == (Selection(root_folder="/tv"),)
    assert messages(load(tmp_path, values)) == [
        "config.json, line 1: shows.selections names ${ROOT}, which is not set; it is left out"
    ]
    assert messages(load(tmp_path, values, {"ROOT_FILE": "/nowhere"})) == [
        "config.json, line 1: shows.selections names /nowhere, which cannot be read (No such file "
        "or directory); it is left out"
    ]


def test_the_key_of_a_sonarr_is_a_credential(tmp_path):
    (tmp_path / "key").write_text("0123abcd\n")
    values = {"sonarr": {"main": {"url": SERVER}, "anime": {"url": "http://b", "api_key": "x"}}}
    loaded = load(tmp_path, values)
    assert messages(loaded) == [
        'config.json, line 1: "sonarr.anime.api_key" is a secret and not read from here; run '
        '"credentials set sonarr.anime.api_key" and remove it from the file'
    ]
    for name in ("SONARR_API_KEY_FILE", "MOVIE_SYNC_SONARR__MAIN__API_KEY_FILE"):
        vault = Credentials(tmp_path, {name: str(tmp_path / "key")})
        assert vault.get("sonarr.main.api_key") == "0123abcd"
        assert vault.names(asked(loaded.config)) == [("sonarr.main.api_key", name)]
        assert vault.get("sonarr.anime.api_key") is None
    with pytest.raises(ConfigError, match=r'did you mean "sonarr\.anime\.api_key"'):
        vault.require_known("sonarr.anime.key")


def test_a_key_is_needed_once_shows_are_really_added(tmp_path):
    values = {"sonarr": {"main": {"url": SERVER}}, "shows": {"enabled": True}}
    assert needed(load(tmp_path, values).config) == []
    values["shows"]["dry_run"] = False
    assert needed(load(tmp_path, values).config) == ["sonarr.main.api_key"]


def test_an_address_with_a_key_in_it_is_left_out(tmp_path):
    loaded = load(tmp_path, {"sonarr": {"main": {"url": f"{SERVER}?apikey=0123abcd"}}})
    assert loaded.config.sonarr == {}
    assert "0123abcd" not in str(messages(loaded))


MAIN = Sonarr(url=SERVER, root_folder="/tv", tags=("auto",), monitor="future", search_on_add=True)
OTHER = Sonarr(url="http://b", enabled=False)


@pytest.mark.parametrize(
    ("named", "sonarrs", "instance"),
    [
        ("", {"main": MAIN, "b": MAIN}, "main"),
        ("", {"b": MAIN}, "b"),
        ("", {"b": MAIN, "c": MAIN}, None),
        ("b", {"main": MAIN, "b": MAIN}, "b"),
        ("b", {"main": MAIN, "b": OTHER}, None),
        ("gone", {"main": MAIN}, None),
        ("", {}, None),
    ],
)
def test_shows_go_to_the_sonarr_that_is_named_or_to_the_main_or_only_one(named, sonarrs, instance):
    found = target(Selection(sonarr=named), sonarrs)
    assert (found.instance if found else None) == instance


def test_a_selection_says_only_what_is_other_than_at_its_sonarr():
    selection = Selection(root_folder="/anime", tags=("auto", "anime"), search_on_add=False)
    found = target(selection, {"main": MAIN})
    assert (found.root_folder, found.tags, found.monitor) == ("/anime", ("auto", "anime"), "future")
    assert not found.search_on_add


def test_a_list_of_tables_is_json_in_variables_and_forms():
    setting = config_keys.table()["shows.selections"]
    wanted = (Selection(name="a", premiered=Days(after=None)), Selection(genres=("Drama",)))
    text = setting_text.shown(setting, wanted)
    assert setting_text.read(setting, text) == wanted
    assert setting.read_text('[{"name": "b"}]') == (Selection(name="b"),)
    assert setting.allowed == "a list of tables"
    assert setting_text.shown(setting, ()) == ""


def test_a_wrong_table_in_a_variable_is_told_of_by_its_name(tmp_path):
    environ = {"MOVIE_SYNC_SHOWS__SELECTIONS": '[{"name": "a"}, {"nam": "b"}]'}
    loaded = load(tmp_path, environ=environ)
    assert messages(loaded) == [
        'MOVIE_SYNC_SHOWS__SELECTIONS: shows.selections[1] is left out: it has no key "nam"; did '
        'you mean "name"?'
    ]
    assert loaded.config.shows.selections == (Selection(name="a"),)


def test_the_schema_holds_every_table_in_its_place():
    schema = json.loads(config_docs.schema())
    shows = schema["properties"]["shows"]["properties"]
    assert "$ref" not in json.dumps(schema)
    selection = shows["selections"]["items"]
    assert set(selection["properties"]) == set(Selection.__struct_fields__)
    assert selection["additionalProperties"] is False
    assert set(shows["filters"]["properties"]) == set(Filters.__struct_fields__)
    assert shows["exclude"]["description"] == "Shows that no selection takes."
