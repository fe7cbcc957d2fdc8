import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync import config, config_docs, config_file, config_keys
from movie_sync.errors import ConfigError, FilesError
from movie_sync.settings import Config, Profile, Torznab

DOCS = Path(__file__).parents[1] / "docs"


def load(home, text=None, environ=None, **overrides):
    if text is not None:
        (home / "config.json").write_text(text)
    return config.load(home, environ or {}, overrides)


def messages(loaded):
    return [problem.message for problem in loaded.problems]


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_without_a_file_all_is_at_its_default_and_nothing_is_written(tmp_path):
    loaded = load(tmp_path)
    assert loaded.config == Config()
    assert (loaded.problems, loaded.notices, loaded.deletions_allowed) == ((), (), True)
    assert set(loaded.origins.values()) == {"default"}
    assert list(tmp_path.iterdir()) == []


def test_a_later_source_wins_key_by_key(tmp_path):
    text = '{"username": "file", "max_retries": 1,\n "seeding": {"ratio": 3, "hours": 1}}'
    environ = {"MOVIE_SYNC_USERNAME": "variable", "MOVIE_SYNC_SEEDING__RATIO": "2"}
    loaded = load(tmp_path, text, environ, username="option", check_interval=None)
    assert loaded.config.username == "option"
    assert (loaded.config.max_retries, loaded.config.check_interval) == (1, 3600)
    assert (loaded.config.seeding.ratio, loaded.config.seeding.hours) == (2.0, 1.0)
    assert loaded.origins["username"] == "command line"
    assert loaded.origins["seeding.ratio"] == "MOVIE_SYNC_SEEDING__RATIO"
    assert loaded.origins["seeding.hours"] == "config.json line 2"
    assert loaded.origins["check_interval"] == "default"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{\n"max_retries": "soon"}',
            'config.json, line 2: max_retries must be a whole number from 0 to 100, not "soon"; '
            "5 is used",
        ),
        (
            '{"max_retries": true}',
            "config.json, line 1: max_retries must be a whole number from 0 to 100, not true; "
            "5 is used",
        ),
        (
            '{"torrent_client": "qbitorrent"}',
            "config.json, line 1: torrent_client must be one of libtorrent, qbittorrent, not "
            '"qbitorrent"; "libtorrent" is used; did you mean "qbittorrent"?',
        ),
        (
            '{"seeding": {\n\n"ratio": 1e999}}',
            "config.json, line 3: seeding.ratio must be a number from 0 to 1000, not Infinity; "
            "1.0 is used",
        ),
        (
            '{"lists": [1]}',
            "config.json, line 1: lists must be a list of texts, not [1]; [] is used",
        ),
        (
            '{"library_directory": "films"}',
            "config.json, line 1: library_directory must be a whole path, from / or ~/ on, not "
            '"films"; "~/Movies" is used',
        ),
        (
            '{"qbittorrent": {"url": "http://admin:hunter2@nas:8080"}}',
            "config.json, line 1: qbittorrent.url must be an address that begins with http:// "
            'or https:// and holds no login; "http://127.0.0.1:8080" is used',
        ),
        (
            '{"usrname": "alice"}',
            'config.json, line 1: there is no setting "usrname"; it is ignored; did you mean '
            '"username"?',
        ),
        (
            '{"qbitorrent": {"url": ""}}',
            'config.json, line 1: there is no setting "qbitorrent"; it is ignored; did you mean '
            '"qbittorrent"?',
        ),
        (
            '{"local_only": true}',
            'config.json, line 1: there is no setting "local_only"; it is ignored; did you mean '
            '"libtorrent.local_only"?',
        ),
        (
            '{"zzz": 1}',
            'config.json, line 1: there is no setting "zzz"; it is ignored',
        ),
        (
            '{"seeding.ratio": 2}',
            'config.json, line 1: write "seeding.ratio" as {"seeding": {"ratio": ...}}; it is '
            "ignored",
        ),
        (
            '{"seeding": 2}',
            'config.json, line 1: "seeding" must be a section, as {"seeding": {...}}; it is '
            "ignored",
        ),
        (
            '{"filelist": {"passkey": "hunter2"}}',
            'config.json, line 1: "filelist.passkey" is a secret and not read from here; run '
            '"credentials set filelist.passkey" and remove it from the file',
        ),
        (
            '{"password": "hunter2"}',
            'config.json, line 1: "password" is a secret and not read from here; run '
            '"credentials set qbittorrent.password" and remove it from the file',
        ),
        (
            '{"profile": {"hdr": "prefered"}}',
            "config.json, line 1: profile.hdr must be one of any, avoid, never, only, prefer, or "
            'null, not "prefered"; null is used; did you mean "prefer"?',
        ),
        (
            '{"profile": {"max_mib_per_minute": -1}}',
            "config.json, line 1: profile.max_mib_per_minute must be a number from 0 to 10000, or "
            "null, not -1; null is used",
        ),
        (
            '{"profile": {"preferred": {"remux": "much"}}}',
            "config.json, line 1: profile.preferred must be an object of whole numbers, as "
            '{"word": 10}, not {"remux": "much"}; {} is used',
        ),
        (
            '{"username": "a",\n "username": "b"}',
            'config.json, lines 1 and 2: "username" is given twice; the last is used',
        ),
        (
            '{"username": "${LETTERBOXD_NAME}"}',
            "config.json, line 1: username names ${LETTERBOXD_NAME}, which is not set; it is left "
            "out",
        ),
    ],
)
def test_what_is_wrong_in_the_file_is_one_sentence_and_turns_deleting_off(tmp_path, text, message):
    loaded = load(tmp_path, text)
    assert messages(loaded) == [message]
    assert not loaded.deletions_allowed


ADDRESS = "an address that begins with http:// or https:// and holds no login"
SECRET = "is a secret and not read from here; run"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"url": "nas"}',
            f'torznab.other.url must be {ADDRESS}, not "nas"; torznab.other is left out',
        ),
        ("{}", "torznab.other has no url, and is left out"),
        (
            '{"url": "http://nas/api?t=caps&apikey=hunter22"}',
            "torznab.other.url holds a key, so that torznab.other is left out; write the address "
            'without it, and run "credentials set torznab.other.api_key"',
        ),
        (
            '"http://nas/api"',
            '"torznab.other" must be a section of a name of yours, as {"torznab": {"other": '
            "{...}}}; it is ignored",
        ),
    ],
)
def test_an_indexer_that_cannot_be_used_is_left_out_and_harms_no_other(tmp_path, text, message):
    good = '"prowlarr": {"url": "http://nas/1/api", "categories": [2040]}'
    loaded = load(tmp_path, f'{{"torznab": {{{good},\n"other": {text}}}}}')
    assert messages(loaded) == [f"config.json, line 2: {message}"]
    assert list(loaded.config.torznab) == ["prowlarr"]
    assert loaded.config.torznab["prowlarr"].categories == (2040,)
    assert not [key for key in loaded.origins if key.startswith("torznab.other.")]
    assert loaded.origins["torznab.prowlarr.url"] == "config.json line 1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            '{"torznab": {"a": {"url": "http://a", "enabled": "maybe"}}}',
            'torznab.a.enabled must be true or false, not "maybe"; true is used',
        ),
        (
            '{"torznab": {"a": {"url": "http://a", "limit": 1}}}',
            'there is no setting "torznab.a.limit"; it is ignored',
        ),
        (
            '{"torznab": {"a": {"url": "http://a", "categorys": []}}}',
            'there is no setting "torznab.a.categorys"; it is ignored; did you mean '
            '"torznab.a.categories"?',
        ),
        (
            '{"torznab": {"a": {"url": "http://a", "apikey": "hunter22"}}}',
            f'"torznab.a.apikey" {SECRET} "credentials set torznab.a.api_key" and remove it from '
            "the file",
        ),
        (
            '{"torznab": {"my tracker": {"url": "http://a"}}}',
            '"torznab.my tracker" is left out: a name is of letters and digits, with - or _ '
            "between them, at most 40 in all",
        ),
        (
            '{"torznab": {"archive_org": {"url": "http://a"}}}',
            '"torznab.archive_org" is left out: another part of the program is called so; choose '
            "another name",
        ),
        (
            '{"torznab": {"url": "http://a"}}',
            '"torznab.url" must be a section of a name of yours, as {"torznab": {"NAME": {"url": '
            "...}}}; it is ignored",
        ),
        (
            '{"torznab": ["http://a"]}',
            '"torznab" must be a section of a name of yours, as {"torznab": {"NAME": {...}}}; it '
            "is ignored",
        ),
        (
            '{"torznab.prowlarr.url": "http://a"}',
            'write "torznab.prowlarr.url" as {"torznab": {"prowlarr": {"url": ...}}}; it is '
            "ignored",
        ),
        (
            '{"torznap": {}}',
            'there is no setting "torznap"; it is ignored; did you mean "torznab"?',
        ),
        (
            '{"tmdb": {"api_key": "hunter22"}}',
            f'"tmdb.api_key" {SECRET} "credentials set tmdb.api_key" and remove it from the file',
        ),
        (
            '{"versions": {"4k@home": {}}}',
            '"versions.4k@home" is left out: a name is of letters and digits, with - or _ between '
            "them, at most 40 in all",
        ),
        (
            '{"versions": {"2160p": {"cutof": "2160p"}}}',
            'there is no setting "versions.2160p.cutof"; it is ignored; did you mean '
            '"versions.2160p.cutoff"?',
        ),
    ],
)
def test_what_is_wrong_in_named_sections_is_one_sentence(tmp_path, text, message):
    assert messages(load(tmp_path, text)) == [f"config.json, line 1: {message}"]


def test_a_version_that_says_nothing_is_a_version_all_the_same(tmp_path):
    loaded = load(tmp_path, '{"versions": {"2160p": {}}}')
    assert messages(loaded) == []
    assert loaded.config.versions == {"2160p": Profile()}
    assert loaded.origins["versions.2160p.preset"] == "default"


def test_a_variable_reaches_the_section_of_the_file_that_is_called_so(tmp_path):
    text = '{"torznab": {"My-Prowlarr": {"url": "http://a/api"}}}'
    environ = {
        "MOVIE_SYNC_TORZNAB__MY_PROWLARR__ENABLED": "no",
        "MOVIE_SYNC_TORZNAB__MY_PROWLARR__API_KEY": "hunter22",
        "MOVIE_SYNC_TORZNAB__MY_PROWLARR__API_KEY_FILE": "/run/secrets/prowlarr",
        "MOVIE_SYNC_TORZNAB__LONE__ENABLED": "no",
    }
    loaded = load(tmp_path, text, environ)
    assert messages(loaded) == ["torznab.lone has no url, and is left out"]
    assert loaded.config.torznab == {"My-Prowlarr": Torznab(url="http://a/api", enabled=False)}
    variable = "MOVIE_SYNC_TORZNAB__MY_PROWLARR__ENABLED"
    assert loaded.origins["torznab.My-Prowlarr.enabled"] == variable


def test_a_wrong_key_leaves_the_keys_beside_it_in_force(tmp_path):
    text = '{"username": "alice", "seeding": {"ratio": "much", "hours": 2}}'
    loaded = load(tmp_path, text)
    assert loaded.config.username == "alice"
    assert (loaded.config.seeding.ratio, loaded.config.seeding.hours) == (1.0, 2.0)
    assert [problem.key for problem in loaded.problems] == ["seeding.ratio"]


def test_a_wrong_variable_leaves_what_the_file_says_in_force(tmp_path):
    loaded = load(tmp_path, '{"max_retries": 7}', {"MOVIE_SYNC_MAX_RETRIES": "many"})
    assert loaded.config.max_retries == 7
    assert messages(loaded) == [
        'MOVIE_SYNC_MAX_RETRIES must be a whole number from 0 to 100, not "many"; 7 is used'
    ]


def test_a_wrong_option_ends_the_program_at_once(tmp_path):
    with pytest.raises(
        ConfigError, match=r"^command line: max_retries must be a whole number from"
    ):
        load(tmp_path, max_retries=-1)


@pytest.mark.parametrize(
    ("name", "text", "key", "value"),
    [
        ("ENABLE_REMOVAL_CLEANUP", "Yes", "enable_removal_cleanup", True),
        ("FILELIST__ENABLED", "0", "filelist.enabled", False),
        ("MAX_DOWNLOAD_SPACE_GB", " 12.5 ", "max_download_space_gb", 12.5),
        (
            "LISTS",
            "https://a.example/x, /films.csv",
            "lists",
            ("https://a.example/x", "/films.csv"),
        ),
        ("LISTS", '["one, two"]', "lists", ("one, two",)),
        ("LISTS", "[]", "lists", ()),
        ("FILELIST__CATEGORIES", "4,6", "filelist.categories", (4, 6)),
        ("PROFILE__MIN_MIB_PER_MINUTE", "8", "profile.min_mib_per_minute", 8.0),
        ("PROFILE__MIN_MIB_PER_MINUTE", "null", "profile.min_mib_per_minute", None),
        ("PROFILE__HDR", "avoid", "profile.hdr", "avoid"),
        ("PROFILE__PREFERRED", "remux=10, cam=-5", "profile.preferred", {"remux": 10, "cam": -5}),
        ("VERSIONS__2160P__CUTOFF", "2160p", "versions.2160p.cutoff", "2160p"),
        ("TORZNAB__NAS_1__URL", "http://nas/1/api", "torznab.nas_1.url", "http://nas/1/api"),
        ("QBITTORRENT__PATH_MAP", "/a=/b, /c=/d", "qbittorrent.path_map", {"/a": "/b", "/c": "/d"}),
        ("QBITTORRENT__PATH_MAP", '{"/a": "/b=c"}', "qbittorrent.path_map", {"/a": "/b=c"}),
        ("USERNAME", "", "username", ""),
    ],
)
def test_variables_hold_switches_numbers_lists_and_tables(tmp_path, name, text, key, value):
    loaded = load(tmp_path, environ={f"MOVIE_SYNC_{name}": text})
    assert messages(loaded) == []
    assert config_keys.value(loaded.config, key) == value


@pytest.mark.parametrize("text", ["/a", "/a=", '{"/a": 1}', "{", "[1]"])
def test_a_table_that_is_none_is_told_of(tmp_path, text):
    loaded = load(tmp_path, environ={"MOVIE_SYNC_QBITTORRENT__PATH_MAP": text})
    assert [problem.key for problem in loaded.problems] == ["qbittorrent.path_map"]
    assert loaded.config.qbittorrent.path_map == {}


def test_a_variable_may_name_a_file_with_the_value(tmp_path):
    (tmp_path / "name").write_text("alice\n")
    loaded = load(tmp_path, environ={"MOVIE_SYNC_USERNAME_FILE": str(tmp_path / "name")})
    assert loaded.config.username == "alice"
    assert loaded.origins["username"] == "MOVIE_SYNC_USERNAME_FILE"


def test_a_named_file_that_cannot_be_read_is_told_of_and_never_repeated(tmp_path):
    (tmp_path / "wrong").write_text("a secret put in the wrong place")
    environ = {
        "MOVIE_SYNC_USERNAME_FILE": "/nowhere",
        "MOVIE_SYNC_MAX_RETRIES_FILE": str(tmp_path / "wrong"),
        "MOVIE_SYNC_LISTS": "x",
        "MOVIE_SYNC_LISTS_FILE": "/nowhere",
    }
    assert messages(load(tmp_path, environ=environ)) == [
        "MOVIE_SYNC_LISTS and MOVIE_SYNC_LISTS_FILE are both set; MOVIE_SYNC_LISTS is used",
        "MOVIE_SYNC_USERNAME_FILE names /nowhere, which cannot be read (No such file or "
        "directory); it is left out",
        "MOVIE_SYNC_MAX_RETRIES_FILE must be a whole number from 0 to 100; 5 is used",
    ]


def test_a_variable_that_is_no_setting_is_told_of_but_those_of_secrets_and_home_are_known(tmp_path):
    environ = {
        "MOVIE_SYNC_HOME": "/x",
        "MOVIE_SYNC_FILELIST__PASSKEY": "hunter2",
        "MOVIE_SYNC_QBITTORRENT__PASSWORD_FILE": "/run/secrets/qbittorrent",
        "MOVIE_SYNC_QBITTORRENT_URL": "http://nas:8080",
        "PATH": "/bin",
    }
    assert messages(load(tmp_path, environ=environ)) == [
        "MOVIE_SYNC_QBITTORRENT_URL is no setting and is ignored; did you mean "
        '"MOVIE_SYNC_QBITTORRENT__URL"?'
    ]


def test_texts_in_the_file_may_name_variables(tmp_path):
    text = '{"max_retries": "${TRIES}", "lists": ["${BASE}/x"], "library_directory": "${BASE}/f"}'
    loaded = load(tmp_path, text, {"TRIES": "3", "BASE": "/srv"})
    assert messages(loaded) == []
    assert loaded.config.max_retries == 3
    assert loaded.config.lists == ("/srv/x",)
    assert loaded.config.library_directory == "/srv/f"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"username": "a",}', "line 1, column 17: there is a comma too many"),
        ('{\n "lists": [\n"a",\n]}', "line 3, column 4: there is a comma too many"),
        ('{"username": "a"\n"lists": []}', "line 2, column 1: a comma is missing before this"),
        ('{\n// mine\n"username": "a"}', "line 2, column 1: JSON has no comments"),
        ("{'username': 1}", 'line 1, column 2: texts are put in straight double quotes: "..."'),
        ('{"username": "a"', "line 1, column 17: the file ends too early"),
        (" \n", "it is empty"),
        ("[]", "it must begin with { and end with }"),
        ('{"seeding": {"ratio": NaN}}', "NaN is not a number that can be used"),
        ("[" * 100_000, "its brackets are nested too deep"),
    ],
)
def test_a_file_that_is_no_json_stays_as_it_is_and_defaults_are_used(tmp_path, text, why):
    loaded = load(tmp_path, text)
    path = tmp_path / "config.json"
    assert loaded.config == Config()
    assert messages(loaded) == [
        f"{path} cannot be read: {why}; it was left as it is, and defaults are used"
    ]
    assert not loaded.deletions_allowed
    with pytest.raises(ConfigError, match="cannot be read"):
        config.write(tmp_path, {"username": "bob"})
    assert path.read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["config.json"]


def test_bytes_that_are_no_text_are_told_with_their_line(tmp_path):
    (tmp_path / "config.json").write_bytes(b'{"username":\n"\xff"}')
    assert "line 2 is not UTF-8 text" in messages(load(tmp_path))[0]


def test_the_last_good_copy_stands_in_for_a_broken_file(tmp_path):
    load(tmp_path, '{"username": "alice"}')
    copy = tmp_path / "config.json~"
    assert mode(copy) == 0o600
    loaded = load(tmp_path, '{"username": "bob"')
    assert loaded.config.username == "alice"
    assert loaded.origins["username"] == "config.json~ line 1"
    assert "and the good copy of 2" in messages(loaded)[0]
    assert copy.read_text() == '{"username": "alice"}'
    assert load(tmp_path, '{"username": "bob"}').deletions_allowed
    assert copy.read_text() == '{"username": "bob"}'


def test_a_file_with_a_wrong_key_is_no_good_copy(tmp_path):
    load(tmp_path, '{"username": "alice"}')
    load(tmp_path, '{"username": "alice", "max_retries": "soon"}')
    assert "soon" not in (tmp_path / "config.json~").read_text()


def test_a_good_copy_is_written_only_when_the_file_changed(tmp_path):
    load(tmp_path, '{"username": "alice"}')
    first = (tmp_path / "config.json~").stat()
    load(tmp_path)
    assert (tmp_path / "config.json~").stat().st_ino == first.st_ino


def test_a_named_file_must_be_there(tmp_path):
    loaded = config.load(tmp_path, {}, {}, tmp_path / "mine.json")
    assert messages(loaded) == [f"there is no file {tmp_path}/mine.json; defaults are used"]
    config.write(tmp_path, {"username": "alice"}, tmp_path / "mine.json")
    assert config.load(tmp_path, {}, {}, tmp_path / "mine.json").config.username == "alice"
    assert not (tmp_path / "config.json").exists()


@pytest.mark.parametrize("overrides", [{"check_interval": 5}, {}])
def test_an_interval_under_a_minute_is_raised_and_said_but_is_no_problem(tmp_path, overrides):
    loaded = load(tmp_path, '{"check_interval": 5}', **overrides)
    assert loaded.config.check_interval == 60
    assert loaded.deletions_allowed
    assert loaded.notices == (
        "check_interval is 5 s; 60 s is used, the least that watchlist sites are asked",
    )


def test_strict_ends_with_every_problem(tmp_path):
    config.require_strict(load(tmp_path))
    with pytest.raises(ConfigError, match=r'"a".*; and .*"b"'):
        config.require_strict(load(tmp_path, '{"a": 1, "b": 2}'))


def test_writing_sets_keys_and_keeps_the_others_in_their_order(tmp_path):
    path = tmp_path / "config.json"
    path.write_text('{"zzz": 1.0, "seeding": {"later": [1], "hours": 1}, "username": "é"}')
    config.write(tmp_path, {"seeding.hours": 2, "username": "bob", "torznab.a.url": "http://x"})
    assert json.loads(path.read_text()) == {
        "zzz": 1.0,
        "seeding": {"later": [1], "hours": 2},
        "username": "bob",
        "torznab": {"a": {"url": "http://x"}},
    }
    assert list(json.loads(path.read_text())) == ["zzz", "seeding", "username", "torznab"]
    assert mode(path) == 0o600
    assert "é" in (tmp_path / "config.json~").read_text()


def test_a_file_that_is_new_points_editors_at_its_schema(tmp_path):
    config.write(tmp_path, {"username": "alice"})
    text = (tmp_path / "config.json").read_text()
    assert json.loads(text) == {"$schema": "./config.schema.json", "username": "alice"}
    path = config_docs.write_schema(tmp_path)
    assert json.loads(path.read_text())["properties"]["username"]["description"]
    assert mode(path) == 0o600


def test_a_file_that_cannot_be_written_is_told_of(tmp_path):
    with pytest.raises(FilesError, match="cannot be written"):
        config.write(tmp_path / "gone", {"username": "alice"})


def test_the_schema_describes_every_setting_without_references():
    schema = json.loads(config_docs.schema())
    assert "$ref" not in json.dumps(schema)
    for key, setting in config_keys.table({"torznab": ["a"], "versions": ["b"]}).items():
        *sections, name = key.split(".")
        part = schema
        for section in sections:
            part = (
                part["properties"][section]
                if "properties" in part
                else part["additionalProperties"]
            )
        assert part["properties"][name]["description"] == setting.sentence
        assert part["additionalProperties"] is False
        assert part["description"]


def test_the_page_of_settings_is_written_from_them():
    page = (DOCS / "config.md").read_text()
    assert page == config_docs.reference(), 'run "python main.py config schema --markdown"'


def test_every_setting_has_a_sentence_and_says_what_is_allowed():
    for setting in config_keys.table({"torznab": ["a"], "versions": ["b"]}).values():
        assert setting.sentence.endswith("."), setting.key
        assert setting.allowed
        if not setting.required:
            assert setting.read(msgspec.to_builtins(setting.default)) == setting.default


@pytest.mark.parametrize(
    ("option", "environ", "name"),
    [("o", {"MOVIE_SYNC_HOME": "v"}, "o"), (None, {"MOVIE_SYNC_HOME": "v"}, "v")],
)
def test_the_home_is_named_by_option_then_variable_and_is_private(tmp_path, option, environ, name):
    option = option and f"{tmp_path}/deep/{option}"
    environ = {key: f"{tmp_path}/deep/{value}" for key, value in environ.items()}
    home = config.home_folder(option, environ)
    assert home == tmp_path / "deep" / name
    assert mode(home) == 0o700


def test_a_home_that_cannot_be_made_is_told_of(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ConfigError, match=r"cannot be made \(Not a directory\); nothing was started"
    ):
        config.home_folder(str(tmp_path / "file" / "home"), {})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
parts = [*config_keys.sections(), *config_keys.named_sections()]
keys = st.sampled_from([*config_keys.table(), *parts, "url", "x"]) | st.text()
tables = st.dictionaries(keys, json_values)


@pytest.mark.slow
@given(st.dictionaries(keys, json_values | tables | st.dictionaries(keys, tables), max_size=4))
def test_no_file_however_odd_stops_the_program(tmp_path_factory, values):
    home = tmp_path_factory.mktemp("home")
    loaded = load(home, json.dumps(values))
    assert isinstance(loaded.config, Config)
    given = {origin for origin in loaded.origins.values() if origin != "default"}
    assert given or loaded.problems or loaded.config.versions or not any(values.values())


@given(st.binary(max_size=60) | st.text('{}[]":, \n1a').map(str.encode))
def test_no_bytes_stop_the_program(tmp_path_factory, data):
    home = tmp_path_factory.mktemp("home")
    (home / "config.json").write_bytes(data)
    assert isinstance(load(home).config, Config)


@given(json_values.filter(lambda value: isinstance(value, dict)), st.sampled_from([None, 2]))
def test_every_key_is_found_on_its_line(value, indent):
    text = json.dumps(value, indent=indent)
    found = config_file.key_lines(text)
    for place, lines in found.items():
        written = json.dumps(place[-1]) + ":"
        assert all(written in text.splitlines()[line - 1] for line in lines)
    assert {place[0] for place in found} == set(value)


def test_downloads_is_the_folder_that_the_desktop_calls_so(tmp_path):
    names = tmp_path / ".config/user-dirs.dirs"
    names.parent.mkdir()
    names.write_text('XDG_DOWNLOAD_DIR="$HOME/Descărcări"\n')
    script = "from movie_sync import config; print(config.folder('~/Downloads/movie_sync'))"
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONUTF8": "1"}
    told = subprocess.run(
        [sys.executable, "-c", script],
        env=environment, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert told.stdout.strip() == str(tmp_path / "Descărcări" / "movie_sync")
