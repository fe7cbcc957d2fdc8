import json

from movie_sync import config, config_keys
from movie_sync.views import settings_view
from movie_sync.views.settings_groups import GROUPS


def book(home, environ=None, options=None, **written):
    path = home / "config.json"
    path.write_text(json.dumps(written, indent=1))
    return settings_view.read(path, config.load(home, environ or {}, options or {}))


def test_every_setting_stands_in_exactly_one_place(tmp_path):
    found = book(tmp_path, torznab={"nas": {"url": "http://nas/api"}}, versions={"2160p": {}})
    shown = [
        field.key
        for group in GROUPS
        for section in found.group(group.slug)
        for field in (*section.fields, *section.more)
    ]
    table = config_keys.table({"torznab": ["nas"], "versions": ["2160p"]})
    assert sorted(shown) == sorted(table.keys() - {"$schema"})


def test_every_setting_has_a_name_of_its_own_below_its_heading(tmp_path):
    found = book(tmp_path)
    for group in GROUPS:
        for section in found.group(group.slug):
            labels = [field.label for field in (*section.fields, *section.more)]
            assert len(labels) == len(set(labels))
            assert all(field.sentence for field in (*section.fields, *section.more))


def test_a_value_says_where_it_is_from(tmp_path):
    found = book(
        tmp_path, {"MOVIE_SYNC_SEEDING__RATIO": "2"}, {"web.port": 7}, username="alice",
        seeding={"ratio": 3},
    ).fields  # fmt: skip
    assert found["username"].origin == "config.json line 2"
    assert not found["username"].fixed
    assert found["max_retries"].origin == "default"
    assert found["seeding.ratio"].text == "2"
    assert "MOVIE_SYNC_SEEDING__RATIO decides it" in found["seeding.ratio"].fixed
    assert found["web.port"].text == "7"
    assert "The command line decides it" in found["web.port"].fixed


def test_a_value_that_is_not_allowed_is_shown_as_it_was_written(tmp_path):
    found = book(tmp_path, check_interval="often", tmdbb=True)
    field = found.fields["check_interval"]
    assert (field.text, field.error) == (
        "often",
        "This must be a whole number from 1 to 315360000; until then 3600 is used.",
    )
    assert found.wrong_in("watchlists") == 1
    assert [sentence.partition(": ")[2] for sentence in found.strays] == [
        'there is no setting "tmdbb"; it is ignored; did you mean "tmdb"?'
    ]


def test_a_text_with_a_variable_in_it_is_left_to_whoever_wrote_it(tmp_path):
    field = book(tmp_path, {"WHO": "secret"}, username="${WHO}").fields["username"]
    assert field.text == "${WHO}"
    assert "names a variable" in field.fixed


def test_a_key_in_an_address_is_not_shown(tmp_path):
    written = {"nas": {"url": "http://nas/api?apikey=hunter22"}}
    field = book(tmp_path, torznab=written).fields["torznab.nas.url"]
    assert (field.text, field.error) == ("http://nas/api", settings_view.KEY_IN_IT)


def test_what_was_written_since_the_start_is_shown(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    loaded = config.load(tmp_path, {}, {})
    (tmp_path / "config.json").write_text('{"username": "bob"}')
    fields = settings_view.read(tmp_path / "config.json", loaded).fields
    assert fields["username"].text == "bob"


def test_a_file_that_cannot_be_read_is_said_to_be_so(tmp_path):
    (tmp_path / "config.json").write_text("{")
    loaded = config.load(tmp_path, {}, {})
    found = settings_view.read(tmp_path / "config.json", loaded)
    assert "cannot be read" in found.broken
    assert found.strays == ()


def test_all_words_are_looked_for_in_names_sentences_and_groups(tmp_path):
    found = {group.slug: [field.key for field in fields] for group, fields in
             book(tmp_path).found("FILELIST calls")}  # fmt: skip
    assert found == {"indexers": ["filelist.calls_per_hour"]}
    assert book(tmp_path).found("nothing like it") == []


def test_a_section_that_a_variable_named_cannot_be_removed_here(tmp_path):
    environ = {"MOVIE_SYNC_TORZNAB__NAS__URL": "http://nas/api"}
    found = book(tmp_path, environ, torznab={"den": {"url": "http://den/api"}})
    removable = {one.name: one.removable for one in found.group("indexers") if one.name}
    assert removable == {"den": True, "nas": False}
