import json
from textwrap import dedent

import pytest

from movie_sync.errors import FilesError
from movie_sync.import_shows import Here, bring, read_file
from tests.cli import call

KEY = "0123456789abcdef0123456789abcdef"
WHOLE = f"""
    tvmaze: {{api_key: "${{TVMAZE_API_KEY}}", rate_limit: 15, update_window: week}}
    sync: {{poll_interval: 4h, retry_delay: 1w, abandon_after: 1y}}
    exclude:
      genres: [Horror]
      countries: [NO]
    selections:
      - name: korean drama
        languages: [Korean]
        premiered: {{after: 2015-01-01}}
        rating: {{min: 7.5}}
        runtime: {{min: 20}}
    sonarr:
      url: http://127.0.0.1:8989
      api_key: {KEY}
      root_folder: /tv
      search_on_add: yes
      tags: [auto-sync]
    storage: {{path: /data}}
    logging: {{level: INFO, format: json}}
    server: {{enabled: true, port: 8080}}
    dry_run: true
"""


def document(tmp_path, text):
    path = tmp_path / "tvmaze-sync.yaml"
    path.write_text(dedent(text))
    return read_file(path)


@pytest.fixture
def brought(tmp_path):
    def made(text, values=None, environ=None, secrets=(), **options):
        here = Here(values or {}, environ or {}, frozenset(secrets))
        return bring(document(tmp_path, text), here, **options)

    return made


def test_a_whole_file_becomes_settings(brought):
    found = brought(WHOLE)
    assert found.changes == {
        "shows.rate_limit": 15,
        "shows.update_window": "week",
        "shows.poll_interval": "4h",
        "shows.abandon_after": "1y",
        "shows.exclude.genres": ["Horror"],
        "shows.exclude.countries": ["NO"],  # and not "no"
        "sonarr.main.url": "http://127.0.0.1:8989",
        "sonarr.main.root_folder": "/tv",
        "sonarr.main.search_on_add": True,
        "sonarr.main.tags": ["auto-sync"],
        "log_level": "info",
        "web.enabled": True,
        "web.port": 8080,
        "shows.dry_run": True,
        "shows.selections": [
            {
                "name": "korean drama",
                "languages": ["Korean"],
                "premiered": {"after": "2015-01-01"},
                "rating": {"min": 7.5},
                "runtime": {"min": 20},
            }
        ],
        "shows.enabled": True,
    }
    assert found.secret == ("sonarr.main.api_key", KEY)
    assert [sentence.partition(" is not needed")[0] for sentence in found.left] == [
        "tvmaze.api_key", "sync.retry_delay", "storage.path", "logging.format",
    ]  # fmt: skip


def test_the_plain_form_of_filters_is_taken_over_as_it_is(brought):
    found = brought("""
        filters:
          genres: {exclude: [Horror]}
          status: {exclude_ended: true}
          premiered: {after: "2010-01-01"}
          min_runtime: 20
    """)
    assert {key: value for key, value in found.changes.items() if ".filters." in key} == {
        "shows.filters.genres.exclude": ["Horror"],
        "shows.filters.status.exclude_ended": True,
        "shows.filters.premiered.after": "2010-01-01",
        "shows.filters.min_runtime": 20,
    }


def test_a_selection_with_include_and_exclude_has_two_lists_here(brought):
    found = brought("""
        selections:
          - genres: {include: [Crime], exclude: [Horror]}
            status: {include: [Running], exclude_ended: "true"}
            max_runtime: 90
            languages: ""
    """)
    assert found.changes["shows.selections"] == [
        {
            "name": "selection 1",
            "genres": ["Crime"],
            "exclude_genres": ["Horror"],
            "status": ["Running"],
            "exclude_ended": True,
            "runtime": {"max": 90},
        }
    ]


def test_what_is_set_here_already_stays_and_is_told_of(brought):
    ours = {"name": "korean drama", "languages": ["Korean"], "review": True}
    values = {
        "shows": {
            "enabled": False,
            "rate_limit": 5,
            "exclude": {"genres": ["Western"], "types": ["News"]},
            "selections": [{"name": "mine"}, ours],
        },
        "sonarr": {"main": {"url": "http://127.0.0.1:8989/", "root_folder": "/nas/tv"}},
    }
    found = brought(WHOLE, values, secrets=["sonarr.main.api_key"])
    assert found.secret is None
    assert found.changes["shows.exclude.genres"] == ["Western", "Horror"]
    assert not {"shows.rate_limit", "shows.selections", "shows.enabled"} & set(found.changes)
    assert found.kept == [
        "shows.rate_limit is 5 here, and stays; theirs is 15",
        'sonarr.main.url is "http://127.0.0.1:8989/" here, and stays; theirs is '
        '"http://127.0.0.1:8989"',
        "the credential sonarr.main.api_key is stored here already, and stays",
        'sonarr.main.root_folder is "/nas/tv" here, and stays; theirs is "/tv"',
        'a selection "korean drama" is here already, and stays',
        "shows.enabled is false here; set it to true when you are ready",
    ]


def test_another_sonarr_stays_and_theirs_can_be_had_beside_it(brought):
    values = {"sonarr": {"main": {"url": "http://nas:8989"}}}
    found = brought(WHOLE, values)
    assert not [key for key in found.changes if key.startswith("sonarr")]
    assert found.secret is None
    assert "--sonarr NAME" in found.kept[0]
    beside = brought(WHOLE, values, sonarr="other")
    assert beside.changes["sonarr.other.url"] == "http://127.0.0.1:8989"
    assert beside.changes["shows.selections"][0]["sonarr"] == "other"
    assert beside.secret == ("sonarr.other.api_key", KEY)


def test_a_second_time_brings_nothing(tmp_path):
    (tmp_path / "theirs.yaml").write_text(dedent(WHOLE))
    home = tmp_path / "home"
    assert call(home, "config", "import-shows", str(tmp_path / "theirs.yaml")).exit_code == 0
    before = (home / "config.json").read_bytes()
    again = call(home, "config", "import-shows", str(tmp_path / "theirs.yaml"))
    assert again.stdout.endswith("nothing was changed\n")
    assert (home / "config.json").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dry_run: false", "dry_run: false is not taken over, so that nothing is added unseen; "
         "look at `shows sync`, then set shows.dry_run to false"),
        ("sync: {poll_interval: 6hours}", 'sync.poll_interval must be a text as "90s", "30m", '
         '"6h", "7d", "1w" or "1y"; shows.poll_interval is as it was'),
        ("sync: {often: 6h}", "sync.often has nothing here that it could be"),
        ("sonarr: {url: 'http://nas/?apikey=a'}",
         "sonarr.url holds a key, which stands in no setting; sonarr.main.url is as it was"),
        ("sonarr: {url: '${WHERE}'}",
         "sonarr.url names ${WHERE}, which is not set; sonarr.main.url is as it was"),
        ("sonarr: {api_key: '${THEIRS}'}", "sonarr.api_key names ${THEIRS}, which is not set; "
         "run `credentials set sonarr.main.api_key`"),
        ("filters: {genres: {include: [[a]]}}", "filters.genres.include is of no form that is "
         "known; shows.filters.genres.include is as it was"),
        ("selections: [{name: odd, raiting: {min: 3}}]", "selections[0] (odd) is left out: it has "
         'no key "raiting"; did you mean "rating"?'),
        ("selections: [{rating: {min: high}}]", "selections[0] (selection 1) is left out: "
         "rating.min must be a number from 0 to 10, or null"),
        ("selections: [word]", "selections[0] is left out: it must be a table"),
        ("selections: all", "selections is no list; none is taken over"),
    ],
)  # fmt: skip
def test_what_could_not_be_taken_over_is_one_sentence_each(brought, text, told):
    assert brought(text).left == [told]


def test_a_name_of_a_variable_stays_one(brought, tmp_path):
    text = """
        sonarr: {url: "${SONARR_URL}", api_key: "${SONARR_API_KEY_FILE}"}
        server: {port: "${PORT}"}
    """
    found = brought(text, environ={"SONARR_URL": "http://nas:8989", "PORT": "8080"})
    assert found.changes["sonarr.main.url"] == "${SONARR_URL}"
    assert found.changes["web.port"] == "${PORT}"
    assert found.secret is None  # it is read from there, as before
    other = brought("sonarr: {api_key: '${OTHER}'}", environ={"OTHER": KEY})
    assert other.secret == ("sonarr.main.api_key", KEY)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1", "is no sound YAML at line 1"),
        ("- a", "has none of the sections tvmaze, sync, exclude"),
        ("port: 1", "has none of the sections tvmaze, sync, exclude"),
        ("&a [*a]", "is no sound YAML at line 1"),
        ("[" * 5000, "is no sound YAML"),
    ],
)
def test_a_file_of_something_else_sets_nothing(tmp_path, text, told):
    with pytest.raises(FilesError, match=told):
        document(tmp_path, text)


def test_a_file_that_names_itself_over_and_over_ends(brought):
    layers = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12))
    found = brought(f"a0: &a0 [x]\n{layers}\nfilters: {{genres: {{include: *a11}}}}")
    assert found.changes == {"shows.enabled": True}


def test_the_command_shows_what_it_would_do_and_then_does_it(tmp_path):
    home, file = tmp_path / "home", tmp_path / "theirs.yaml"
    file.write_text(dedent(WHOLE))
    home.mkdir()
    (home / "config.json").write_text('{"username": "ann"}')
    shown = call(home, "config", "import-shows", str(file), "--dry-run")
    assert "shows.rate_limit: 15\n" in shown.stdout
    assert KEY not in shown.output
    assert shown.stdout.endswith("nothing was changed: this was a dry run\n")
    assert json.loads((home / "config.json").read_text()) == {"username": "ann"}
    done = call(home, "config", "import-shows", str(file))
    assert KEY not in done.output
    written = json.loads((home / "config.json").read_text())
    assert written["username"] == "ann"
    assert written["shows"]["rate_limit"] == 15
    assert call(home, "config", "check").exit_code == 0
    assert "sonarr.main.api_key" in call(home, "credentials", "list").stdout
