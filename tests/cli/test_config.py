import json
import stat

from movie_sync import credentials
from movie_sync.errors import ConfigError
from tests.cli import call


def test_show_gives_each_value_with_its_origin_and_masks_secrets(tmp_path):
    (tmp_path / "config.json").write_text('{"username": "alice", "check_interval": 5, "x": 1}')
    environ = {"MOVIE_SYNC_MAX_RETRIES": "3", "MOVIE_SYNC_FILELIST__PASSKEY": "hunter22"}
    shown = call(tmp_path, "config", "show", env=environ)
    lines = [line.split() for line in shown.stdout.splitlines()]
    assert ["username", '"alice"', "config.json", "line", "1"] in lines
    assert ["max_retries", "3", "MOVIE_SYNC_MAX_RETRIES"] in lines
    assert ["seeding.hours", "49.0", "default"] in lines
    assert ["filelist.passkey", "***", "MOVIE_SYNC_FILELIST__PASSKEY"] in lines
    assert ["qbittorrent.password", "not", "set"] in lines
    assert shown.exit_code == 0
    assert "note: check_interval is 5 s; 60 s is used" in shown.stderr
    assert 'note: config.json, line 1: there is no setting "x"' in shown.stderr
    assert "hunter22" not in shown.output


def test_show_as_json_is_for_programs(tmp_path):
    (tmp_path / "config.json").write_text('{"username": "alice"}')
    shown = json.loads(call(tmp_path, "config", "show", "--json").stdout)
    assert shown["settings"]["username"] == {"value": "alice", "origin": "config.json line 1"}
    assert shown["settings"]["filelist.categories"]["value"] == [4, 6, 1, 19]
    assert shown["credentials"] == dict.fromkeys(credentials.KNOWN)
    assert (shown["problems"], shown["notices"]) == ([], [])


def test_show_tells_the_sections_that_a_person_named_and_their_keys(tmp_path):
    text = '{"torznab": {"prowlarr": {\n"url": "http://127.0.0.1:9696/1/api"}}}'
    (tmp_path / "config.json").write_text(text)
    environ = {"MOVIE_SYNC_TORZNAB__PROWLARR__API_KEY": "hunter22"}
    shown = call(tmp_path, "config", "show", env=environ)
    lines = [line.split() for line in shown.stdout.splitlines()]
    address = '"http://127.0.0.1:9696/1/api"'
    assert ["torznab.prowlarr.url", address, "config.json", "line", "2"] in lines
    assert ["torznab.prowlarr.categories", "[2000]", "default"] in lines
    variable = "MOVIE_SYNC_TORZNAB__PROWLARR__API_KEY"
    assert ["torznab.prowlarr.api_key", "***", variable] in lines
    assert "hunter22" not in shown.output


def test_show_goes_on_where_the_vault_does_not_open(tmp_path):
    (tmp_path / "credentials.enc").write_bytes(b"damaged")
    shown = call(tmp_path, "config", "show")
    assert shown.exit_code == 0
    assert "note: " in shown.stderr
    assert "cannot be opened: .key is missing" in shown.stderr


def test_options_of_the_program_are_seen_by_its_commands(tmp_path):
    shown = call(tmp_path, "--username", "bob", "config", "show", "--json")
    assert json.loads(shown.stdout)["settings"]["username"]["origin"] == "command line"


def test_check_says_that_nothing_is_wrong(tmp_path):
    (tmp_path / "config.json").write_text('{"username": "alice"}')
    checked = call(tmp_path, "config", "check")
    assert checked.exit_code == 0
    assert checked.stdout == (
        "nothing is wrong; 1 setting is given, the others are at their defaults\n"
    )


def test_check_names_every_problem_and_exits_with_3(tmp_path):
    (tmp_path / "config.json").write_text('{"max_retries": -1,\n"usrname": "alice"}')
    checked = call(tmp_path, "config", "check")
    assert checked.exit_code == 3
    assert checked.stdout.splitlines() == [
        'config.json, line 2: there is no setting "usrname"; it is ignored; did you mean '
        '"username"?',
        "config.json, line 1: max_retries must be a whole number from 0 to 100, not -1; 5 is used",
    ]


def test_check_as_json_has_the_same_exit_code(tmp_path):
    (tmp_path / "config.json").write_text("{")
    checked = call(tmp_path, "config", "check", "--json")
    assert checked.exit_code == 3
    answer = json.loads(checked.stdout)
    assert answer["ok"] is False
    assert "the file ends too early" in answer["problems"][0]["message"]


def test_strict_refuses_settings_with_a_problem(tmp_path):
    (tmp_path / "config.json").write_text('{"x": 1}')
    shown = call(tmp_path, "--strict", "config", "show")
    assert isinstance(shown.exception, ConfigError)


def test_schema_is_printed_or_written_beside_the_file(tmp_path):
    printed = call(tmp_path, "config", "schema").stdout
    assert json.loads(printed)["properties"]["username"]
    assert list(tmp_path.iterdir()) == []
    path = tmp_path / "config.schema.json"
    assert call(tmp_path, "config", "schema", "--write").stdout == f"{path} is written\n"
    assert path.read_text() == printed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert call(tmp_path, "config", "schema", "--markdown").stdout.startswith("# Settings\n")
