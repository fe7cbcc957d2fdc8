import json

import msgspec
import pytest

from movie_sync.demo.server import Reply
from movie_sync.demo.sonarr_site import PROXY, RACE, SKYHOOK, STARTING, SonarrSite
from movie_sync.errors import BadAnswer, ConfigError, NotAuthorised, Unavailable
from movie_sync.giving import Given, Outcome, Series, SeriesWish
from movie_sync.http import Pacer
from movie_sync.services.arr import headers
from movie_sync.services.sonarr import Sonarr
from tests.services import arr_document
from tests.wire import Waiting

KEY = "0123456789abcdef0123456789abcdef"
WISH = SeriesWish(title="Severance", tvdb_id=371980, root_folder="/tv/", quality_profile="hd-1080p")
VERSIONS = ("3.0.10.1567", "4.0.0.741", "4.0.19.2979", "5.0.1.4112")
OLD, NEW = VERSIONS[0], VERSIONS[2]
HTML = Reply(200, b"<html><title>Login</title></html>")
OTHER = b'{"appName": "Radarr", "version": "5.1.0.0"}'


@pytest.fixture
def site(request):
    with SonarrSite({371980: "Severance", 2: "Two", 3: "Three"}, key=KEY, version=NEW) as site:
        yield site
    if arr_document.is_held(arr_document.SONARR, request.config) and not site.url_base:
        assert arr_document.problems(arr_document.SONARR, site.asked) == []


@pytest.fixture
def connect():
    opened = []

    def connect(url, key=KEY):
        sent, calm = headers(key), Pacer(lambda seconds: None)
        opened.append(Waiting("sonarr.main", url, pacer=calm, headers=sent, tries=1))
        return opened[-1]

    yield connect
    for each in opened:
        each.close()


@pytest.fixture
def open_at(connect):
    return lambda *where: Sonarr(connect(*where), "main")


@pytest.fixture
def sonarr(site, open_at):
    return open_at(site.url)


def wish(**changes):
    return msgspec.structs.replace(WISH, **changes)


def paths(site):
    return [f"{each.method} {each.path.removeprefix('/api/v3')}" for each in site.asked]


@pytest.mark.slow
@pytest.mark.skipif(not arr_document.SONARR.exists(), reason=arr_document.NO_DOCUMENT)
def test_a_request_that_is_not_as_described_is_noticed(sonarr, site):
    sonarr.add(WISH)
    asked = site.asked.pop()
    body = {**json.loads(asked.body), "monitored": "yes"}
    asked = type(asked)(asked.method, asked.path, "", asked.headers, json.dumps(body).encode())
    assert len(arr_document.problems(arr_document.SONARR, [asked])) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_takes_a_show_without_a_look_up(sonarr, site, version):
    site.version = version
    assert sonarr.add(WISH) == Given(Outcome.ADDED, 1)
    (body,) = site.added
    assert body["rootFolderPath"] == "/tv"
    assert body["qualityProfileId"] == 4
    assert ("languageProfileId" in body) == (version == OLD)
    assert ("monitorNewItems" in body) == (version != OLD)
    assert not [each for each in paths(site) if "lookup" in each]


def test_only_version_3_is_asked_for_language_profiles(sonarr, site):
    sonarr.check()
    assert "GET /languageprofile" not in paths(site)
    site.version = OLD
    sonarr.check()
    assert "GET /languageprofile" in paths(site)


def test_what_can_be_chosen_is_asked_once_and_again_after_an_update(sonarr, site):
    sonarr.add(WISH)
    sonarr.add(wish(tvdb_id=2, title="Two"))
    assert paths(site).count("GET /system/status") == 1
    site.version = VERSIONS[3]
    sonarr.library()
    sonarr.add(wish(tvdb_id=3, title="Three"))
    assert paths(site).count("GET /system/status") == 2


@pytest.mark.parametrize(
    ("version", "wanted", "sent"),
    [
        (OLD, "lastSeason", "latestSeason"),
        (OLD, "latestSeason", "latestSeason"),
        (NEW, "latestSeason", "lastSeason"),
        (NEW, "recent", "recent"),
        (NEW, "pilot", "pilot"),
    ],
)
def test_monitor_is_named_as_each_version_does(sonarr, site, version, wanted, sent):
    site.version = version
    sonarr.add(wish(monitor=wanted))
    assert site.added[0]["addOptions"]["monitor"] == sent
    assert site.added[0]["monitored"] is True


def test_a_show_of_which_nothing_is_monitored_is_not_monitored(sonarr, site):
    sonarr.add(wish(monitor="none"))
    assert (site.added[0]["monitored"], site.added[0]["monitorNewItems"]) == (False, "none")


def test_what_a_version_cannot_monitor_is_told_with_what_it_can(sonarr, site):
    site.version = OLD
    with pytest.raises(ConfigError, match=r"Sonarr 3 does not know \"recent\".*latestSeason"):
        sonarr.add(wish(monitor="recent"))
    assert site.added == []


def test_search_type_and_season_folders_are_as_wished(sonarr, site):
    sonarr.add(wish(search=True, series_type="anime", season_folder=False))
    (body,) = site.added
    assert body["addOptions"]["searchForMissingEpisodes"] is True
    assert (body["seriesType"], body["seasonFolder"]) == ("anime", False)


@pytest.mark.parametrize("version", VERSIONS)
def test_tags_are_made_when_missing_and_sent_by_number(sonarr, site, version):
    site.version, site.tags = version, {"seen": 7}
    sonarr.add(wish(tags=("Auto Sync!", "seen", "auto-sync")))
    assert site.tags == {"seen": 7, "auto-sync": 2}
    assert site.added[0]["tags"] == [2, 7]
    sonarr.add(wish(tvdb_id=2, title="Two", tags=("auto-sync",)))
    assert paths(site).count("POST /tag") == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"root_folder": "/anime"},
            'sonarr.main has no root folder "/anime"; its root folders are /tv, /kids; set '
            "root_folder to one of them; nothing was added",
        ),
        (
            {"root_folder": ""},
            "sonarr.main needs root_folder, for it has several; its root folders are /tv, /kids; "
            "set root_folder to one of them; nothing was added",
        ),
        (
            {"quality_profile": "UHD"},
            'sonarr.main has no quality profile "UHD"; its quality profiles are Any, HD-1080p; '
            "set quality_profile to one of them; nothing was added",
        ),
    ],
)
def test_a_setting_that_names_nothing_is_told_with_what_there_is(sonarr, site, changes, told):
    site.folders = ["/tv", "/kids"]
    with pytest.raises(ConfigError) as caught:
        sonarr.require(wish(**changes))
    assert str(caught.value) == told


def test_the_only_folder_and_profile_need_not_be_named(sonarr, site):
    site.version, site.qualities = OLD, {"Any": 1}
    assert sonarr.add(SeriesWish(title="Two", tvdb_id=2)).outcome is Outcome.ADDED


def test_a_language_that_version_3_lacks_is_told_with_those_that_it_has(sonarr, site):
    site.version, site.languages = OLD, {"English": 1, "German": 2}
    with pytest.raises(ConfigError, match=r'"French".*are English, German'):
        sonarr.require(wish(language_profile="French"))


def test_the_check_says_what_there_is(sonarr):
    assert sonarr.check() == (
        "Sonarr 4.0.19.2979 answers; its root folders are /tv; its quality profiles are Any, "
        "HD-1080p"
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_a_show_that_is_there_is_not_an_error(sonarr, site, version):
    site.version = version
    sonarr.add(WISH)
    assert sonarr.add(WISH).outcome is Outcome.EXISTS


def test_a_show_that_is_there_is_told_without_codes_too(sonarr, site):
    body = b'[{"propertyName": "TvdbId", "errorMessage": "This series has already been added"}]'
    site.trouble["POST /series"] = Reply(400, body, "application/json")
    assert sonarr.add(WISH).outcome is Outcome.EXISTS


def test_an_id_that_nobody_knows_is_told_apart(sonarr):
    given = sonarr.add(wish(tvdb_id=999))
    assert given.outcome is Outcome.UNKNOWN
    assert given.sentence == "A series with this ID was not found"


def test_a_folder_that_is_taken_already_is_not_a_show_that_exists(sonarr, site):
    site.own(77, "Severance", titleSlug="another")
    given = sonarr.add(WISH)
    assert given.outcome is Outcome.CONFLICT
    assert "is already configured for another series" in given.sentence


def test_a_name_that_is_taken_already_is_a_conflict(sonarr, site):
    site.own(77, "Severance", path="/tv/elsewhere")
    assert sonarr.add(WISH).outcome is Outcome.CONFLICT


def test_a_race_is_looked_into(sonarr, site):
    site.trouble["POST /series"] = RACE
    assert sonarr.add(WISH).outcome is Outcome.CONFLICT
    there = site.own(WISH.tvdb_id)
    assert sonarr.add(WISH) == Given(Outcome.EXISTS, there)


@pytest.mark.parametrize(
    ("about", "code", "setting"),
    [
        ("RootFolderPath", "RootFolderExistsValidator", "sonarr.main.root_folder"),
        ("QualityProfileId", "QualityProfileExistsValidator", "sonarr.main.quality_profile"),
        ("ProfileId", "ProfileExistsValidator", "sonarr.main.quality_profile"),
        ("LanguageProfileId", "LanguageProfileExistsValidator", "sonarr.main.language_profile"),
        ("Unheard", "NewValidator", "look at its settings there"),
    ],
)
def test_a_complaint_that_every_show_would_get_is_about_settings(
    sonarr, site, about, code, setting
):
    complaint = {"propertyName": about, "errorMessage": "It is not there.", "errorCode": code}
    site.trouble["POST /series"] = Reply(400, json.dumps([complaint]).encode())
    with pytest.raises(ConfigError, match=setting):
        sonarr.add(WISH)


def test_a_form_that_it_does_not_read_is_about_settings(sonarr, site):
    errors = {"$.addOptions.monitor": ["The JSON value could not be converted to MonitorTypes."]}
    site.trouble["POST /series"] = Reply(400, json.dumps({"errors": errors}).encode())
    with pytest.raises(ConfigError, match=r"addOptions\.monitor: .*set sonarr\.main\.monitor"):
        sonarr.add(WISH)


@pytest.mark.parametrize(
    ("trouble", "error", "told"),
    [
        (STARTING, Unavailable, "Sonarr is starting up, please try again later"),
        (SKYHOOK, Unavailable, "Unable to communicate with SkyHook"),
        (PROXY, Unavailable, "/api/v3/series answered 502"),
        (Reply(504, b""), Unavailable, "answered 504"),
        (Reply(403, b""), NotAuthorised, r"credentials set sonarr\.main\.api_key"),
        (HTML, BadAnswer, "has a web page; none of it was used"),
        (Reply(404, b""), ConfigError, r"set sonarr\.main\.url"),
    ],
)
def test_what_says_nothing_of_the_show_is_an_error(sonarr, site, trouble, error, told):
    site.trouble["POST /series"] = trouble
    with pytest.raises(error, match=told):
        sonarr.add(WISH)


@pytest.mark.parametrize("version", [OLD, NEW])
def test_a_wrong_key_is_told_and_stands_nowhere(open_at, site, version, caplog):
    caplog.set_level("DEBUG")
    site.version, wrong = version, "wr0ng" * 6
    with pytest.raises(NotAuthorised) as caught:
        open_at(site.url, wrong).library()
    assert "credentials set sonarr.main.api_key" in str(caught.value)
    assert wrong not in str(caught.value) + caplog.text
    assert site.asked[0].raw_query == ""


def test_a_failed_reading_of_shows_is_never_an_empty_one(sonarr, site):
    for trouble, error in ((STARTING, Unavailable), (HTML, BadAnswer), (Reply(401), NotAuthorised)):
        site.trouble["GET /series"] = trouble
        with pytest.raises(error):
            sonarr.library()


@pytest.mark.slow
def test_an_answer_that_never_comes_is_an_outage_after_which_one_can_ask(connect, site):
    http = connect(site.url)
    sonarr = Sonarr(http, "main")
    sonarr.check()
    site.trouble["POST /series"] = site.hears_and_says_nothing
    http.patient = False
    with pytest.raises(Unavailable, match="no answer in time"):
        sonarr.add(WISH)
    http.patient = True
    assert sonarr.find(WISH.tvdb_id) == Series(1, WISH.tvdb_id, None, "Severance")
    assert len(site.added) == 1


def test_a_wrong_url_base_is_told_with_the_right_one_and_nothing_is_sent_on(open_at, site):
    site.url_base = "/tv-sonarr"
    sonarr = open_at(site.url)
    with pytest.raises(ConfigError) as caught:
        sonarr.check()
    assert f"sends us on to {site.url}/tv-sonarr; set sonarr.main.url to that" in str(caught.value)
    right = open_at(f"{site.url}/tv-sonarr")
    assert right.add(WISH).outcome is Outcome.ADDED
    site.url_base = "/moved"
    with pytest.raises(ConfigError, match=r"sends us on to .*/moved/"):
        right.exclude(2, "Two")
    assert site.exclusions == {}


def test_another_program_at_its_address_is_told(sonarr, site):
    site.trouble["GET /system/status"] = Reply(200, OTHER, "application/json")
    with pytest.raises(ConfigError, match="Radarr answers where Sonarr is expected"):
        sonarr.check()


def test_exclusions_are_read_by_pages_or_at_once_by_version(sonarr, site):
    site.exclusions = {number: f"Show {number}" for number in range(1, 1502)}
    assert sonarr.exclusions() == frozenset(range(1, 1502))
    assert paths(site).count("GET /importlistexclusion/paged") == 2
    site.version = OLD
    sonarr.check()
    assert sonarr.exclusions() == frozenset(range(1, 1502))
    assert paths(site)[-1] == "GET /importlistexclusion"


def test_an_exclusion_is_made_once(sonarr, site):
    sonarr.exclude(2, "Two")
    sonarr.exclude(2, "Two")
    assert site.exclusions == {2: "Two"}


def test_the_library_tells_ids_of_both_sites(sonarr, site):
    site.own(2, tvMazeId=44)
    site.own(3)
    assert sonarr.library() == [Series(1, 2, 44, "Two"), Series(2, 3, None, "Three")]
    assert (sonarr.find(3), sonarr.find(4)) == (Series(2, 3, None, "Three"), None)
