import json
import shutil
import subprocess

import pytest

from movie_sync.demo import clips


def test_a_clip_has_the_size_asked_for_and_is_the_same_for_the_same_title(tmp_path):
    for name, title in (("a", "Film 1"), ("b", "Film 1"), ("c", "Film 2")):
        clips.write(tmp_path / name, title, 100_002)
    first, again, other = (path.read_bytes() for path in sorted(tmp_path.iterdir()))
    assert len(first) == len(other) == 100_002
    assert first == again
    assert first != other


@pytest.mark.parametrize("size_bytes", [100_001, 1000])
def test_a_size_that_cannot_be_is_refused_before_anything_is_written(tmp_path, size_bytes):
    with pytest.raises(ValueError, match="an even number of bytes from 65536"):
        clips.write(tmp_path / "clip.avi", "Film 1", size_bytes)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_clip_is_a_film_with_sound_that_can_be_jumped_into(tmp_path):
    if shutil.which("ffprobe") is None:
        pytest.skip("ffprobe is not installed: apt-get install ffmpeg")
    path = tmp_path / "clip.avi"
    length_s = clips.write(path, "Film 1 (1999)", 3 * 1024**2)
    seen = subprocess.run(
        ["ffprobe", "-v", "warning", "-of", "json", "-show_format", "-show_streams", path],
        capture_output=True,
        check=True,
    )
    told = json.loads(seen.stdout)
    assert seen.stderr == b""
    assert [stream["codec_type"] for stream in told["streams"]] == ["video", "audio"]
    assert float(told["format"]["duration"]) == pytest.approx(length_s)
    assert 6 < length_s < 7
    first, later = (_picture(path, at_s) for at_s in (0, 3))
    assert len(set(first)) > 4  # it has colours
    assert len(first) == len(later) == clips.WIDTH * clips.HEIGHT * 3
    assert first != later


def _picture(path, at_s):
    command = ["ffmpeg", "-v", "error", "-ss", str(at_s), "-i", path, "-frames:v", "1"]
    shown = subprocess.run(
        [*command, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], capture_output=True, check=True
    )
    assert shown.stderr == b""
    return shown.stdout
