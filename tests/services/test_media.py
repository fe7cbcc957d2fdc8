import json
import shutil
import subprocess
import sys

import pytest

from movie_sync.demo import clips
from movie_sync.errors import Refused, Unavailable
from movie_sync.models import MediaFacts
from movie_sync.services import media

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not media.installed(), reason="PyAV is not installed (extra media)"),
]
ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")


def make_film(path, *languages, seconds=3, size="64x48", codec="mpeg4"):
    """A film with a soundtrack in each language; "" says none."""
    source = f"testsrc=size={size}:duration={seconds}:rate=5"
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "lavfi", "-i", source]
    for _ in languages:
        command += ["-f", "lavfi", "-i", f"sine=duration={seconds}"]
    for track in range(len(languages) + 1):
        command += ["-map", str(track)]
    for track, language in enumerate(languages):
        command += [f"-metadata:s:a:{track}", f"language={language}"]
    subprocess.run([*command, "-c:v", codec, "-c:a", "aac", str(path)], check=True)
    return path


@ffmpeg
@pytest.mark.parametrize("name", ["film.mkv", "film.mp4"])
def test_a_film_tells_its_length_its_lines_and_its_languages(tmp_path, name):
    facts = media.probe(make_film(tmp_path / name, "ger", "jpn", "und"))
    assert facts.duration_s == pytest.approx(3, abs=0.2)
    assert (facts.lines, facts.audio_languages) == (48, ("ger", "jpn", None))


@ffmpeg
@pytest.mark.parametrize(
    ("name", "codec"),
    [("film.ts", "mpeg2video"), ("film.vob", "mpeg2video"), ("film.wmv", "wmv2"),
     ("film.flv", "flv1"), ("film.webm", "libvpx"), ("film.ogv", "libtheora")],
)  # fmt: skip
def test_films_of_every_kind_can_be_read(tmp_path, name, codec):
    size, command = "320x240", ["ffmpeg", "-y", "-loglevel", "error", "-f", "lavfi"]
    source = f"testsrc=size={size}:duration=2:rate=25"
    subprocess.run([*command, "-i", source, "-c:v", codec, str(tmp_path / name)], check=True)
    facts = media.probe(tmp_path / name)
    assert facts.duration_s == pytest.approx(2, abs=0.5)
    assert (facts.lines, facts.audio_languages) == (240, ())


def test_the_clips_of_the_demo_are_films(tmp_path):
    length_s = clips.write(tmp_path / "clip.avi", "Film 1", 1024**2)
    facts = media.probe(tmp_path / "clip.avi")
    assert facts == MediaFacts(
        duration_s=pytest.approx(length_s), lines=clips.HEIGHT, audio_languages=(None,)
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(100_000),
        b"Rar!\x1a\x07\x01\x00" + bytes(range(256)) * 200,
        b"MZ\x90\x00" + bytes(range(256)) * 200,
        b"the password of this film is at https://example.com\n" * 100,
        b"ffconcat version 1.0\nfile '/etc/passwd'\n",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1/x.ts\n#EXT-X-ENDLIST\n",
        b"1\n00:00:01,000 --> 00:00:02,000\nHello\n",
    ],
    ids=["nothing", "zeros", "archive", "program", "text", "list of files", "playlist", "subtitle"],
)
def test_what_is_no_video_is_refused_whatever_its_name_says(tmp_path, content):
    path = tmp_path / "Film.1.1999.1080p.mkv"
    path.write_bytes(content)
    with pytest.raises(Refused) as caught:
        media.probe(path)
    assert str(caught.value) == "media: Film.1.1999.1080p.mkv is no video, whatever its name says"


@ffmpeg
def test_a_song_with_a_cover_is_no_video(tmp_path):
    command = ["ffmpeg", "-y", "-loglevel", "error", "-f", "lavfi", "-i", "sine=duration=2", "-f",
               "lavfi", "-i", "testsrc=size=64x64:duration=1:rate=1", "-map", "0", "-map", "1",
               "-c:v", "mjpeg", "-disposition:v:0", "attached_pic"]  # fmt: skip
    subprocess.run([*command, str(tmp_path / "song.mp4")], check=True)
    with pytest.raises(Refused):
        media.probe(tmp_path / "song.mp4")


@ffmpeg
def test_a_film_that_breaks_off_is_a_film(tmp_path):
    whole = make_film(tmp_path / "whole.mkv", "eng").read_bytes()
    (tmp_path / "half.mkv").write_bytes(whole[: len(whole) // 2])
    assert media.probe(tmp_path / "half.mkv").audio_languages == ("eng",)


@pytest.mark.parametrize(
    ("name", "why"), [("gone.mkv", "it is not there any more"), ("folder.mkv", "it is a folder")]
)
def test_what_cannot_be_read_says_nothing_of_the_film(tmp_path, name, why):
    (tmp_path / "folder.mkv").mkdir()
    with pytest.raises(Unavailable, match=f"{name} was not looked into: {why}"):
        media.probe(tmp_path / name)


def test_the_reader_loads_nothing_from_the_folder_it_runs_in(tmp_path, monkeypatch):
    clips.write(tmp_path / "clip.avi", "Film 1", 64 * 1024)
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert media.probe(tmp_path / "clip.avi").lines == clips.HEIGHT


def test_this_program_itself_loads_none_of_it():
    code = (
        "import json, sys; from movie_sync.services import media; media.installed()\n"
        "print(json.dumps(sorted(name for name in sys.modules if name.startswith('av'))))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == []
