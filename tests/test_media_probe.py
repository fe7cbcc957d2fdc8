import errno
import os
import time

import pytest

from movie_sync.media_models import Chapter, Hdr, Sound, Text
from movie_sync.media_probe import Answer, _answer, answer_of
from movie_sync.media_source import Source

pytest.importorskip("av", reason="PyAV is not installed (extra media)")
from av.stream import Disposition

from tests.library import clips
from tests.library.clips import Track


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    return clips.cached(tmp_path_factory.mktemp("clips"))


def media(path):
    answer = answer_of(str(path))
    assert answer.media is not None, answer
    return answer.media


def broken(path):
    """What is said of a file that nobody has written to for long."""
    os.utime(path, (0, 0))
    answer = answer_of(str(path))
    assert answer.broken is not None, answer
    return answer.broken


@pytest.mark.parametrize(
    ("name", "video", "told"),
    [
        ("film.mkv", "h264", ("matroska", "h264", "Constrained Baseline")),
        ("film.mp4", "hevc", ("mp4", "hevc", "Main")),
        ("film.mov", "h264", ("mov", "h264", "Constrained Baseline")),
        ("film.avi", "mpeg4", ("avi", "mpeg4", "Simple Profile")),
        ("film.ts", "mpeg2video", ("mpegts", "mpeg2video", "Main")),
        ("film.webm", "vp9", ("matroska", "vp9", "Profile 0")),
        ("film.mp4", "av1", ("mp4", "av1", "Main")),
    ],
)
def test_films_of_every_kind_are_known(clip, name, video, told):
    found = media(clip(name, video=video))
    picture = found.picture
    assert (found.container, picture.codec, picture.profile) == told
    assert (picture.width, picture.height, picture.bit_depth) == (64, 64, 8)
    assert (picture.frame_rate, picture.hdr, picture.interlaced) == (10.0, None, False)
    assert found.duration_ms == pytest.approx(2000, abs=100)
    assert [sound.language for sound in found.sounds] in (
        ["eng"],
        [None],
    )  # AVI has no place for it


def test_soundtracks_and_subtitles_tell_their_language_and_what_they_are_for(clip):
    sounds = (
        Track("ger", "Deutsch", Disposition.default, "5.1"),
        Track("und"),
        Track("en-US", "Commentary by the director"),
    )
    texts = (
        Track("fre", None, Disposition.forced),
        Track("eng", "English SDH"),
        Track("jpn", "Forced", Disposition.default),
        Track("eng", None, Disposition.hearing_impaired),
    )
    found = media(clip("film.mkv", sounds=sounds, texts=texts))
    assert found.sounds == (
        Sound(codec="aac", language="ger", title="Deutsch", channels=6, layout="5.1",
              sample_rate=48000, default=True),
        Sound(codec="aac", channels=2, layout="stereo", sample_rate=48000),
        Sound(codec="aac", language="en", title="Commentary by the director", channels=2,
              layout="stereo", sample_rate=48000, commentary=True),
    )  # fmt: skip
    assert found.texts == (
        Text(codec="subrip", language="fre", forced=True),
        Text(codec="subrip", language="eng", title="English SDH", hearing_impaired=True),
        Text(codec="subrip", language="jpn", title="Forced", default=True, forced=True),
        Text(codec="subrip", language="eng", hearing_impaired=True),
    )


@pytest.mark.parametrize("name", ["film.mkv", "film.mp4"])
def test_chapters_are_told_in_order(clip, name):
    found = media(clip(name, chapters=[(0, 1500, "One"), (1500, 9000, "Two: the end\n\0")]))
    assert found.chapters[0] == Chapter(start_ms=0, end_ms=1500, title="One")
    assert (found.chapters[1].start_ms, found.chapters[1].title) == (1500, "Two: the end")
    assert found.chapters[1].end_ms == found.duration_ms


@pytest.mark.parametrize(("transfer", "hdr"), [(16, Hdr.HDR10), (18, Hdr.HLG), (1, None)])
def test_a_bright_picture_is_known(clip, transfer, hdr):
    picture = media(clip("film.mkv", video="hevc", pixels="yuv420p10le", transfer=transfer)).picture
    assert (picture.hdr, picture.bit_depth, picture.profile) == (hdr, 10, "Main 10")


def test_dolby_vision_is_known(clip, tmp_path):
    plain = clip("film.mp4", video="hevc", pixels="yuv420p10le", transfer=16)
    assert media(plain).picture.hdr is Hdr.HDR10
    dolby = clips.in_dolby_vision(tmp_path / "film.mp4", plain)
    assert media(dolby).picture.hdr is Hdr.DOLBY_VISION


def test_brightness_told_of_each_scene_is_known(clip, tmp_path):
    plain = clip("film.mkv", video="hevc", pixels="yuv420p10le", transfer=16)
    assert media(plain).picture.hdr is Hdr.HDR10
    dynamic = clips.in_hdr10_plus(tmp_path / "film.mkv", plain)
    assert media(dynamic).picture.hdr is Hdr.HDR10_PLUS


def test_a_title_may_say_what_it_likes(clip):
    title = "DOVI configuration record: " + "x" * 5000
    found = media(clip("film.mkv", title=title, sounds=(Track("eng", title),)))
    assert found.picture.hdr is None
    assert [len(found.title), len(found.sounds[0].title)] == [300, 300]


def test_an_interlaced_picture_is_known(clip):
    assert media(clip("film.mkv", interlaced=True)).picture.interlaced


def test_a_cover_is_no_picture(clip):
    found = media(clip("film.mp4", cover=True))
    assert [picture.codec for picture in found.pictures] == ["h264"]
    song = broken(clip("song.mp4", video=None, cover=True))
    assert song.sentence == "it holds sound and no picture"


def test_a_film_without_sound_is_a_film(clip):
    assert media(clip("film.mkv", sounds=())).sounds == ()


def write(path, content):
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty"),
        (bytes(100_000), "it holds zeros and no film"),
        (bytes(range(256)) * 400, "it is no video, whatever its name says"),
        (b"ffconcat version 1.0\nfile '/etc/passwd'\n", "it is no video, whatever its name says"),
    ],
)
def test_what_is_no_film_is_broken(tmp_path, content, sentence):
    assert broken(write(tmp_path / "film.mkv", content)).sentence == sentence


@pytest.mark.parametrize(
    ("name", "part", "begins"),
    [
        ("film.mkv", 0.5, "it ends after about 1 of 2 s: "),
        ("film.webm", 0.5, "it ends after about 1 of 2 s: "),
        ("film.avi", 0.5, "it breaks off: "),
        ("film.mp4", 0.5, "it breaks off before its index, without which it cannot be played: "),
        ("web.mp4", 0.9, "it ends after about 2 of 2 s: "),
        ("film.mkv", 0.08, "it breaks off: "),
    ],
)
def test_a_film_that_breaks_off_is_broken(clip, tmp_path, name, part, begins):
    wishes = {"seconds": 2.0, "video": {"film.webm": "vp9"}.get(name, "h264")}
    if name == "web.mp4":
        wishes["options"] = {"movflags": "faststart"}
    whole = clip(name, **wishes)
    assert media(whole)
    found = broken(clips.cut(tmp_path / name, whole, part))
    assert found.sentence.startswith(begins)


def test_of_a_film_that_breaks_off_all_else_is_known_all_the_same(clip, tmp_path):
    found = broken(clips.cut(tmp_path / "half.mkv", clip("film.mkv"), 0.5))
    assert [sound.language for sound in found.media.sounds] == ["eng"]


def test_a_header_alone_is_no_film(clip, tmp_path):
    whole = clip("web.mp4", options={"movflags": "faststart"})
    content = whole.read_bytes()
    header = write(tmp_path / "film.mp4", content[: content.index(b"mdat") - 4])
    assert broken(header).sentence == "it announces pictures and holds none"


def test_what_was_written_a_moment_ago_may_become_whole_yet(clip, tmp_path):
    half = clips.cut(tmp_path / "half.mkv", clip("film.mkv"), 0.5)
    assert answer_of(str(half)).broken.fresh
    os.utime(half, (time.time() - 100, time.time() - 100))
    assert not answer_of(str(half)).broken.fresh
    garbage = write(tmp_path / "garbage.mkv", bytes(range(256)) * 400)
    assert not answer_of(str(garbage)).broken.fresh


def test_what_is_no_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.mkv")
    assert answer_of(str(tmp_path / "pipe.mkv")) == Answer(unread=(errno.EINVAL, "Is no file"))
    assert answer_of(str(tmp_path)) == Answer(unread=(errno.EISDIR, "Is a folder"))
    gone = answer_of(str(tmp_path / "gone.mkv"))
    assert gone == Answer(unread=(errno.ENOENT, "No such file or directory"))


class FailingDisk(Source):
    """That reads some bytes, and then no more."""

    after_bytes = 0

    def at(self, offset, size):
        if self.taken_bytes > self.after_bytes:
            self.failure = OSError(errno.EIO, "Input/output error")
            raise self.failure
        return super().at(offset, size)


@pytest.mark.parametrize("after_bytes", [0, 70_000, 400_000])
@pytest.mark.parametrize("name", ["film.mkv", "film.ts"])
def test_a_disk_that_fails_says_nothing_of_the_film(clip, name, after_bytes):
    path = clip(name, video="mpeg2video", seconds=60, sounds=())
    with path.open("rb") as file:
        source = FailingDisk(file.fileno())
        source.after_bytes = after_bytes
        answer = _answer(source)
    if source.failure:
        assert answer == Answer(unread=(errno.EIO, "Input/output error"))
    else:
        assert answer.media


def test_a_film_that_would_be_read_as_a_whole_is_left_alone(clip):
    with clip("film.mkv").open("rb") as file:
        answer = _answer(Source(file.fileno(), most_bytes=100))
    assert answer.broken.sentence == "it would have to be read as a whole to be known"
    assert answer.broken.silent


def test_a_film_that_is_written_to_while_it_is_read_is_read_again_later(clip, tmp_path):
    path = write(tmp_path / "film.mkv", clip("film.mkv").read_bytes())

    class Written(Source):
        def at(self, offset, size):
            os.utime(path, (1, 1))
            return super().at(offset, size)

    with path.open("rb") as file:
        answer = _answer(Written(file.fileno()))
    assert answer == Answer(unread=(errno.EBUSY, "it was written to meanwhile"))
