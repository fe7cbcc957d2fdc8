import io
import json
import re
import zipfile
from urllib.parse import unquote

import pytest

from movie_sync import __version__, access, backup, log
from movie_sync.films.recycled import Recycled
from movie_sync.films.undo import CLEANED
from movie_sync.models import State
from tests import make
from tests.web.site import Site

pytestmark = pytest.mark.slow  # each asks a whole program with its page

HTMX = {"HX-Request": "true"}
PASSKEY = "c0ffee" * 6


def words(answer):
    """What a person reads of a page."""
    text = " ".join(re.sub("<[^>]*>", " ", answer.text).split())
    return re.sub(" ([,.;])", r"\1", text)


def names_in(answer):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


def test_the_health_of_each_worker_is_told(site):
    text = words(site.get("/system"))
    for name in ("monitor", "download", "follow"):
        assert re.search(rf"{name} (works|has not begun)", text)
    assert f"Movie Sync {__version__} Running since" in text
    assert "htmx 2." in text


def test_a_worker_that_fails_says_why_and_since_when(site):
    worker = site.running.app.workers[1]
    worker.failure, worker.failed_since = "filelist: did not answer", make.NOON
    text = words(site.get("/system"))
    assert "download fails Searches films and starts their downloads. filelist: did not" in text


def test_the_room_of_each_disk_is_a_meter(site):
    page = site.get("/system")
    assert 'aria-label="Disk of home, downloads, library"' in page.text
    assert re.search(r"[\d.]+ GB of [\d.]+ GB free", words(page))


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["with htmx", "without"])
def test_the_doctor_says_what_is_well_and_how_to_mend_what_is_not(site, headers):
    text = words(site.post("/system/doctor", headers=headers))
    assert "2 checks are not well." in text
    assert "well Hard links: a film takes its room once in downloads and library together" in text
    assert (
        "See its login: for FileList set filelist.username, and run "
        "movie-sync credentials set filelist.passkey" in text
    )


def test_the_doctor_tells_no_secret(tmp_path):
    indexer = {"username": "alice", "base_url": f"http://127.0.0.1:9/{PASSKEY}"}
    with Site(tmp_path, filelist=indexer) as site:
        site.running.credentials.set("filelist.passkey", PASSKEY)
        assert PASSKEY not in site.post("/system/doctor").text


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["with htmx", "without"])
def test_the_queue_files_are_checked_when_a_person_wishes(site, headers):
    site.running.perform({"do": "add", "title": "Parasite", "year": 2019})
    text = words(site.post("/system/queues", headers=headers))
    assert "The queue files are sound: 1 pending, 0 active" in text


def write_log(site, count=3):
    levels = ("INFO   ", "WARNING", "ERROR  ")
    lines = [f"2026-11-20 10:00:00 {levels[n % 3]} line <{n}>\n" for n in range(count)]
    (site.home / log.FILE).write_text("".join(lines))


def test_the_log_is_read_by_level_and_words(site):
    write_log(site)
    assert "error line &lt;2&gt; 2026-11-20 10:00:00 warning" in words(site.get("/system/log"))
    part = words(site.get("/system/log?level=warning&q=LINE", headers=HTMX))
    assert ("&lt;1&gt;" in part, "&lt;0&gt;" in part) == (True, False)
    assert "No line fits." in words(site.get("/system/log?q=nothing"))


def test_the_log_goes_on_by_itself_only_on_its_newest_page(site):
    write_log(site, 150)
    first = site.get("/system/log")
    assert 'hx-trigger="every 4s"' in first.text
    older = re.search('rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = site.get(older)
    assert "line &lt;49&gt;" in second.text
    assert "every 4s" not in second.text
    assert "every 4s" not in site.get("/system/log?still=true").text


def test_where_no_log_file_is_written_one_is_told_where_to_look(site):
    assert "journalctl --user -u movie-sync" in words(site.get("/system/log"))


def test_the_whole_log_is_downloaded_oldest_first(site):
    (site.home / f"{log.FILE}.1").write_text("before\n")
    (site.home / log.FILE).write_text("after\n")
    answer = site.get("/system/log/download")
    assert answer.text == "before\nafter\n"
    assert answer.headers["content-disposition"] == 'attachment; filename="movie_sync.log"'


@pytest.mark.parametrize(("form", "kept"), [({}, False), ({"secrets": "yes"}, True)])
def test_a_backup_is_made_and_sent(site, form, kept):
    site.running.credentials.set("filelist.passkey", PASSKEY)
    answer = site.post("/system/backup", data=form)
    assert re.search(
        r'filename="movie_sync-\d{8}-\d{6}\.zip"', answer.headers["content-disposition"]
    )
    names = names_in(answer)
    assert {"queue_pending.json", "config.json"} <= {name.rpartition("/")[2] for name in names}
    assert any(name.endswith("credentials.enc") for name in names) == kept


def test_backups_that_the_program_made_can_be_had(site):
    made = backup.backup_before(site.home, "a test")
    assert made.name in site.get("/system").text
    assert site.get(f"/system/backup/{made.name}").content == made.read_bytes()
    assert site.get("/system/backup/config.json").status_code == 404


def test_a_report_is_made_and_sent(site):
    site.running.credentials.set("filelist.passkey", PASSKEY)
    (site.home / log.FILE).write_text(f"2026-11-20 10:00:00 INFO    asked ?passkey={PASSKEY}\n")
    answer = site.post("/system/report", data={"anonymous": "yes"})
    assert {"versions.txt", "settings.txt", "log.txt"} <= names_in(answer)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert not any(PASSKEY in archive.read(name).decode() for name in archive.namelist())


@pytest.mark.parametrize("path", ["/system/backup", "/system/report"])
def test_only_an_admin_may_take_a_backup_or_a_report_away(site, path):
    key = access.Access(site.home).add_key("reader", "act")[1]
    assert site.post(path, key=key).status_code == 403
    page = site.get("/system", key=key).text
    assert ("Make a backup" in page, "/system/access" in page) == (False, False)


def test_a_library_that_is_all_wanted_says_so(site):
    text = words(site.get("/system/cleanup"))
    assert "Every film in the library is wanted, or yours." in text
    assert "Nothing was removed lately." in text


def test_films_that_nobody_wants_say_what_they_wait_for(tmp_path):
    film = tmp_path / "library" / "Film 1 (1999)" / "Film 1 (1999).mkv"
    data = {"path": str(film), "how": "linked", "handle": "a" * 40}
    with Site(tmp_path, {State.COMPLETED: [make.item(1, wanted_by=(), data=data)]}) as site:
        film.parent.mkdir()
        film.write_bytes(bytes(2_000_000))
        text = words(site.get("/system/cleanup"))
    assert "Removal is off: none of these films is touched." in text
    assert "1 film, 2 MB in all Film 1 (1999) 2 MB wanted by nobody since" in text
    assert "no watchlist is followed, and may list it" in text


def test_a_film_that_was_removed_is_brought_back(tmp_path):
    film = tmp_path / "library" / "Film 1 (1999)" / "Film 1 (1999).mkv"
    noted = {"path": str(film), "how": "linked", "handle": "a" * 40}
    gone = {CLEANED: {**noted, "recycled": "2026-11-20 abc"}}
    site = Site(tmp_path, {State.REMOVED: [make.item(1, wanted_by=(), data=gone)]})
    film.parent.mkdir()
    film.write_bytes(bytes(2_000_000))
    bin_ = Recycled(site.home / "recycled.json", tmp_path / "library" / ".movie_sync-recycled")
    bin_.begin("2026-11-20 abc", make.item(1, data=noted), [film], make.NOON)
    list(bin_.move("2026-11-20 abc"))
    assert not film.exists()
    with site:
        assert "Film 1 (1999) deleted for good" in words(site.get("/system/cleanup"))
        answer = site.post("/system/cleanup/undo", data={"id": make.item(1).id})
        assert answer.headers["location"] == "/system/cleanup"
        assert unquote(answer.cookies["said"]) == "Film 1 (1999) is back in the library"
    assert film.exists()
    assert json.loads((site.home / "queue_completed.json").read_text())[0]["id"] == make.item(1).id
