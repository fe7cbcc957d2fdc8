import msgspec
import pytest

from movie_sync import config_keys, setting_text

TABLE = config_keys.table({"torznab": ["nas"], "versions": ["2160p"]})
VALUES = {
    "profile.editions": ("extended", ""),
    "profile.preferred": {"a=b": 3, "/x=[45]/": -5},
    "profile.qualities": ("1080p bluray remux",),
    "profile.min_mib_per_minute": 0.5,
    "qbittorrent.path_map": {"/downloads": "/srv/a=b"},
    "notifications.templates": {"arrived": "{film}\nis there", "a=b": " x "},
    "notifications.events": ("arrived", "trouble"),
    "filelist.categories": (4, 6),
    "lists": ("https://example.com/a,b.csv", "[odd].csv"),
    "web.enabled": True,
    "seeding.ratio": 1.25,
}


def test_every_default_comes_back_from_its_text():
    wrong = []
    for key, setting in TABLE.items():
        text = setting_text.shown(setting, setting.default)
        back = None if text == "" and setting.default is None else setting_text.read(setting, text)
        if back != setting.default:
            wrong.append(key)
    assert wrong == []


@pytest.mark.parametrize("key", VALUES)
def test_a_value_comes_back_from_its_text(key):
    text = setting_text.shown(TABLE[key], VALUES[key])
    assert setting_text.read(TABLE[key], text) == VALUES[key]


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("lists", " a.csv \r\n\r\nb.csv", ("a.csv", "b.csv")),
        ("lists", '["a.csv"]', ("a.csv",)),
        ("filelist.categories", "4\n6", (4, 6)),
        ("profile.preferred", "x265 = 10\ndubbed=-50", {"x265": 10, "dubbed": -50}),
        ("profile.three_d", "yes", True),
        ("seeding.ratio", " 2 ", 2.0),
        ("username", " alice ", "alice"),
    ],
)
def test_people_write_as_they_like(key, text, value):
    assert setting_text.read(TABLE[key], text) == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("filelist.categories", "films"),
        ("profile.preferred", "x265"),
        ("profile.preferred", "x265=much"),
        ("qbittorrent.path_map", "/a=/b\n/c"),
        ("max_retries", "1.5"),
        ("max_retries", "101"),
        ("library_directory", "films"),
        ("torrent_client", "deluge"),
        ("notifications.events", "arrived\nbirthday"),
        ("torznab.nas.url", ""),
    ],
)
def test_what_is_not_allowed_is_refused(key, text):
    with pytest.raises(msgspec.MsgspecError):
        setting_text.read(TABLE[key], text)


def test_an_empty_field_is_the_default_only_where_empty_is_no_value():
    empty = {key for key, setting in TABLE.items() if setting_text.is_empty(setting, " ")}
    assert {"max_retries", "library_directory", "profile.hdr", "profile.min_score"} <= empty
    assert not {"username", "lists", "qbittorrent.path_map", "qbittorrent.tags"} & empty


def test_choices_stand_in_the_order_they_are_written_in():
    assert setting_text.options(TABLE["log_level"]) == ("debug", "info", "warning", "error")
    assert setting_text.options(TABLE["profile.hdr"])[0] == "prefer"
    assert setting_text.options(TABLE["username"]) == ()
