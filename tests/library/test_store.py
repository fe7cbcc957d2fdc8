"""Against SQLite, and against a real PostgreSQL where it is installed."""

import pytest

from movie_sync.errors import FilesError
from movie_sync.library.rows import Saved, Standing
from movie_sync.library_models import Sidecar, Teller, Told, Views
from movie_sync.media_models import Chapter, Media, Picture, Sound
from tests.library.things import (
    BY_HAND,
    LATER,
    NOON,
    SURE,
    film,
    found,
    moved,
    of_server,
    only,
    owned,
    put,
)

MEDIA = Media(
    container="matroska", duration_ms=7_920_000, pictures=(Picture(codec="hevc", height=1080),),
    sounds=(Sound(codec="ac3", language="ko"),), chapters=(Chapter(start_ms=0, end_ms=9000),),
)  # fmt: skip


def test_a_new_file_waits_to_be_identified_and_looked_into(store):
    one = found(sidecars=(Sidecar(path="/films/a.srt", what="subtitles", language="en"),))
    assert store.save_found("films", [one], NOON) == Saved(new=1)
    (waiting,) = store.unidentified(0, 10)
    assert (waiting.path, waiting.told, waiting.sources) == (one.path, one.told, ("films",))
    assert [each.path for each in store.waiting_probe(0, 10)] == [one.path]
    assert store.known("films") == {one.uri: one.fingerprint}
    assert store.known("other") == {}
    assert store.file(only(store)).sidecars == one.sidecars


def test_a_file_that_is_as_it_was_is_left_alone(store):
    one = found()
    owned(store, film(), one)
    assert store.save_found("films", [one], LATER) == Saved(same=1)
    assert store.unidentified(0, 10) == []


def test_another_content_is_looked_into_again_and_keeps_its_match(store):
    one = found()
    title_id = owned(store, film(), one)
    (probe,) = store.waiting_probe(0, 1)
    assert store.save_media(probe.asset_id, probe.content, MEDIA, NOON)
    better = found(size_bytes=one.size_bytes + 1)
    assert store.save_found("films", [better], LATER) == Saved(changed=1)
    assert [each.asset_id for each in store.waiting_probe(0, 10)] == [probe.asset_id]
    assert store.unidentified(0, 10) == []
    assert store.title(title_id).row.size_bytes == better.size_bytes


def test_other_tellings_are_judged_anew_unless_a_person_has_spoken(store):
    one = found()
    title_id = owned(store, film(), one)
    told = (Told(by=Teller.NFO, titles=("Gisaengchung",), year=2019),)
    store.save_found("films", [found(told=told, fingerprint="with an nfo")], LATER)
    (waiting,) = store.unidentified(0, 10)
    assert (waiting.told, waiting.title_id) == (told, title_id)
    assert store.waiting_probe(waiting.asset_id, 10) == []
    store.assign(waiting.asset_id, title_id, (), BY_HAND, LATER)
    store.save_found("films", [found(fingerprint="once more")], LATER)
    assert store.unidentified(0, 10) == []


def test_a_file_that_was_gone_comes_back_with_everything(store):
    one = found()
    title_id = owned(store, film(), one)
    before = store.file(only(store))
    assert store.mark_gone("films", [one.uri, "/films/never.mkv"], NOON) == Saved(gone=1)
    assert store.known("films") == {}
    row = store.title(title_id).row
    assert (row.files, row.gone_files, row.size_bytes) == (0, 1, 0)
    assert store.file(before.id).deleted_at == NOON
    assert store.save_found("films", [one], LATER) == Saved(back=1)
    assert store.file(before.id) == before
    assert store.unidentified(0, 10) == []
    assert store.title(title_id).row.files == 1


@pytest.mark.parametrize("gone_first", [True, False])
def test_a_file_that_moved_keeps_its_number_its_match_and_its_history(store, gone_first):
    one = found(sidecars=(Sidecar(path="/films/old.srt", what="subtitles"),))
    title_id = owned(store, film(), one)
    asset_id = only(store)
    there = moved(one, "/films/new/place.mkv")
    store.begin_scan("films", LATER)
    if gone_first:
        assert store.mark_gone("films", [one.uri], LATER) == Saved(gone=1)
        assert store.save_found("films", [there], LATER) == Saved(moved=1)
    else:
        assert store.save_found("films", [there], LATER) == Saved(new=1)
        assert store.mark_gone("films", [one.uri], LATER) == Saved(moved=1)
    assert only(store) == asset_id
    file = store.file(asset_id)
    assert (file.path, file.title_id, file.sidecars) == (there.path, title_id, ())
    assert [each.uri for each in file.sightings] == [there.uri]
    assert store.known("films") == {there.uri: there.fingerprint}
    assert store.unidentified(0, 10) == []
    assert len(store.assignments(asset_id=asset_id)) == 1
    assert store.title(title_id).row.files == 1


def test_a_number_that_a_moved_file_had_for_a_moment_still_leads_to_it(store):
    one = found()
    store.save_found("films", [one], NOON)
    store.begin_scan("films", LATER)
    store.save_found("films", [moved(one, "/films/b.mkv")], LATER)
    numbers = [row.id for row in store.files().rows]
    store.mark_gone("films", [one.uri], LATER)
    assert [store.file(each).id for each in numbers] == [only(store)] * 2
    store.save_found("films", [found("Other (2000)")], LATER)
    assert {row.id for row in store.files().rows} == {numbers[0], numbers[1] + 1}


def test_a_copy_that_was_there_long_before_is_no_move(store):
    one = found()
    copy = moved(one, "/films/copy.mkv")
    store.save_found("films", [one, copy], NOON)
    store.begin_scan("films", LATER)
    assert store.mark_gone("films", [one.uri], LATER) == Saved(gone=1)
    assert len(store.files().rows) == len(store.files(gone=True).rows) == 1


def test_of_several_that_may_have_moved_the_one_of_the_same_name_is_meant(store):
    same = {"size_bytes": 7, "mtime_ns": 9}
    one, two = found("One (2001)", **same), found("Two (2002)", **same)
    store.save_found("films", [one, two], NOON)
    numbers = {row.path: row.id for row in store.files().rows}
    store.mark_gone("films", [one.uri, two.uri], NOON)
    there = moved(two, "/films/new/Two (2002).mkv")
    unknown = moved(two, "/films/new/Three.mkv")
    assert store.save_found("films", [there], LATER) == Saved(moved=1)
    assert only(store) == numbers[two.path]
    assert store.save_found("films", [unknown], LATER) == Saved(moved=1)


def test_a_file_that_two_sources_show_is_one_file_told_of_by_both(store):
    one = found()
    title_id = owned(store, film(), one)
    assert store.save_found("plex", [of_server(one)], LATER) == Saved(changed=1)
    assert only(store)
    (waiting,) = store.unidentified(0, 10)
    assert [told.by for told in waiting.told] == [Teller.SERVER, Teller.FOLDER]
    assert (waiting.sources, waiting.uris) == (("films", "plex"), (one.uri, "plex:1:1"))
    row = store.title(title_id).row
    assert (row.files, row.size_bytes) == (1, one.size_bytes)
    assert store.duplicates() == ([], 0)
    assert [(source.name, source.files) for source in store.sources()] == [
        ("films", 1), ("plex", 1)
    ]  # fmt: skip


def test_a_file_is_gone_once_no_source_shows_it(store):
    one = found()
    title_id = owned(store, film(), one)
    store.save_found("plex", [of_server(one)], NOON)
    store.mark_gone("plex", ["plex:1:1"], NOON)
    assert store.title(title_id).row.files == 1
    store.save_found("plex", [of_server(one)], NOON)
    assert store.remove_source("films", LATER) == Saved(gone=1)
    assert [source.name for source in store.sources()] == ["plex"]
    assert store.title(title_id).row.files == 1
    store.mark_gone("plex", ["plex:1:1"], NOON)
    assert store.title(title_id).row.files == 0


@pytest.mark.parametrize("server_first", [True, False])
def test_a_file_that_moved_under_two_sources_stays_one(store, server_first):
    one = found()
    store.save_found("films", [one], NOON)
    store.save_found("plex", [of_server(one)], NOON)
    asset_id = only(store)
    there = moved(one, "/films/new.mkv")
    store.begin_scan("films", LATER)
    tell = [
        lambda: store.save_found("plex", [of_server(there, fingerprint="2")], LATER),
        lambda: (
            store.save_found("films", [there], LATER),
            store.mark_gone("films", [one.uri], LATER),
        ),
    ]
    for source in tell if server_first else reversed(tell):
        source()
    assert only(store) == asset_id
    assert store.file(asset_id).path == there.path
    assert len(store.file(asset_id).sightings) == 2


def test_a_batch_that_cannot_be_stored_leaves_nothing(store):
    with pytest.raises(FilesError, match="nothing was stored"):
        store.save_found("films", [found(), found("Other (2000)", fingerprint=None)], NOON)
    assert store.known("films") == {}


def test_a_name_that_is_no_text_is_kept_byte_for_byte(store):
    path = "/films/\udce9t\udce9 漢字 🎬 (1999).mkv"
    told = (Told(by=Teller.FILE, titles=("\udce9t\udce9",)),)
    store.save_found("films", [found(uri=path, path=path, told=told)], NOON)
    assert list(store.known("films")) == [path]
    assert store.waiting_probe(0, 1)[0].path == path
    assert store.unidentified(0, 1)[0].told[0].titles == ("?t?",)


def test_what_a_program_says_never_takes_the_place_of_what_a_person_said(store):
    owned(store, film(), found())
    other, asset_id = put(store, film("Okja", 2017)), only(store)
    assert store.assign(asset_id, other, (), BY_HAND, NOON, edition="Cut", version="mine")
    assert not store.assign(asset_id, put(store, film()), (), SURE, LATER)
    file = store.file(asset_id)
    assert (file.title_id, file.by_hand, file.edition, file.version) == (other, True, "Cut", "mine")


def test_undoing_a_match_brings_back_the_one_before_it(store):
    first = owned(store, film(), found())
    second, asset_id = put(store, film("Okja", 2017)), only(store)
    store.assign(asset_id, second, (), BY_HAND, NOON)
    newest, oldest = store.assignments(asset_id=asset_id)
    assert store.undo_assignment(newest.id, LATER)
    assert not store.undo_assignment(newest.id, LATER)
    assert (store.file(asset_id).title_id, store.file(asset_id).by_hand) == (first, False)
    assert [store.title(each).row.files for each in (first, second)] == [1, 0]
    store.undo_assignment(oldest.id, LATER)
    assert [each.asset_id for each in store.unidentified(0, 9)] == [asset_id]
    assert [each.undone_at for each in store.assignments(asset_id=asset_id)] == [LATER, LATER]


def test_the_same_answer_again_is_no_history(store):
    title_id = owned(store, film(), found())
    store.assign(only(store), title_id, (), SURE, LATER)
    assert len(store.assignments(title_id=title_id)) == 1


def test_a_file_that_is_ignored_is_in_no_title_and_asked_of_no_more(store):
    title_id = owned(store, film(), found())
    asset_id = only(store)
    assert store.unassign(asset_id, Standing.IGNORED, BY_HAND, NOON)
    assert store.title(title_id).row.files == 0
    assert store.ask("unsure", "which?", [], LATER, asset_id=asset_id) == 0
    assert store.counts().ignored == 1


def test_one_question_of_one_file_is_open_at_a_time(store):
    store.save_found("films", [found()], NOON)
    asset_id = only(store)
    asked = store.ask("unsure", "two fit", [{"title_id": 1}], NOON, asset_id=asset_id)
    assert store.ask("unsure", "three fit", [], LATER, asset_id=asset_id) == asked
    (row,) = store.reviews()
    assert (row.sentence, row.asked_at, row.path) == ("three fit", NOON, found().path)
    assert store.file(asset_id).standing is Standing.REVIEW
    assert store.count_reviews() == {"unsure": 1}
    choice = store.add_choice("match", f"asset:{asset_id}", {"to": 1}, "it is that", LATER)
    assert store.settle(asked, LATER, choice)
    assert not store.settle(asked, LATER)
    assert store.review(asked).choice_id == choice
    assert store.reviews() == []


def test_a_question_that_answers_itself_is_closed(store):
    store.save_found("films", [found()], NOON)
    store.ask("unsure", "two fit", [], NOON, asset_id=only(store))
    store.assign(only(store), put(store, film()), (), SURE, LATER)
    assert [row.state for row in store.reviews("moot")] == ["moot"]


def test_a_choice_is_kept_when_it_is_undone(store):
    made = store.add_choice("trust", "folder:films:/films/new/", {}, "trust it", NOON)
    assert store.undo_choice(made, LATER).subject == "folder:films:/films/new/"
    assert store.undo_choice(made, LATER) is None
    assert store.choices("trust") == []
    assert [each.undone_at for each in store.choices(undone=True)] == [LATER]


def test_what_is_inside_is_not_kept_of_a_file_that_changed_meanwhile(store):
    store.save_found("films", [found()], NOON)
    (probe,) = store.waiting_probe(0, 1)
    store.save_found("films", [found(size_bytes=5)], NOON)
    assert not store.save_media(probe.asset_id, probe.content, MEDIA, NOON)
    assert not store.save_broken(probe.asset_id, probe.content, "it is broken", NOON)
    assert not store.save_checksum(probe.asset_id, probe.content, "00")
    (probe,) = store.waiting_probe(0, 1)
    assert store.save_media(probe.asset_id, probe.content, MEDIA, NOON)
    file = store.file(probe.asset_id)
    assert (file.media, file.lines, file.duration_ms) == (MEDIA, 1080, 7_920_000)
    assert [marker.end_ms for marker in file.markers] == [9000]


def test_a_broken_file_keeps_its_sentence_until_it_changes(store):
    title_id = owned(store, film(), found())
    (probe,) = store.waiting_probe(0, 1)
    assert store.save_broken(probe.asset_id, probe.content, "it ends in the middle", NOON)
    assert store.file(probe.asset_id).problem == "it ends in the middle"
    assert store.title(title_id).row.broken_files == 1
    store.save_found("films", [found(size_bytes=5)], LATER)
    assert store.title(title_id).row.broken_files == 0
    assert store.file(probe.asset_id).problem is None


def test_what_a_server_knows_of_a_file_counts_until_it_is_looked_into(store):
    told = Media(container="mkv", duration_ms=1, sounds=(Sound(codec="aac", language="en"),))
    store.save_found("plex", [of_server(found(), media=told, views=Views(count=3))], NOON)
    asset_id = only(store)
    assert store.media(asset_id) == told
    (probe,) = store.waiting_probe(0, 1)
    store.save_media(asset_id, probe.content, MEDIA, NOON)
    store.save_found("plex", [of_server(found(), media=told, fingerprint="2")], NOON)
    assert store.media(asset_id) == MEDIA
    assert store.file(asset_id).plays == 0


def test_a_scan_says_how_it_went_and_a_source_that_is_away_since_when(store):
    first = store.begin_scan("films", NOON)
    store.end_scan(first, NOON, {"discovered": 7}, complete=True)
    for at in (NOON, LATER):
        scan = store.begin_scan("films", at)
        store.end_scan(scan, at, {}, "the drive is not mounted", complete=False, away=True)
    (source,) = store.sources()
    assert (source.last_scan_at, source.last_complete_at) == (LATER, NOON)
    assert (source.away_since, source.problem) == (NOON, "the drive is not mounted")
    assert [scan.counts for scan in store.scans("films")] == [{}, {}, {"discovered": 7}]
    store.end_scan(store.begin_scan("films", LATER), LATER, {}, complete=True)
    assert store.sources()[0].away_since is None
