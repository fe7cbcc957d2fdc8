"""What lies on the shelf of the library's demo: real files made on the spot, one of each trouble.

With PyAV they have sound and subtitles in several languages and chapters; without it they are
clips of `clips`, of which less can be told.
"""

from collections.abc import Sequence
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from movie_sync.demo import clips
from movie_sync.demo.tmdb_titles import Made, MadeFilm, MadeShow

WIDTH, HEIGHT, FRAMES_PER_S, SECONDS = 320, 180, 10, 3
SAMPLES_PER_S, SAMPLES = 48_000, 1024
SIMPLE_BYTES = 512 * 1024

# Place on the shelf, languages of its sound.
FILMS = (
    ("Charade (1963)/Charade (1963) 1080p", ("eng", "ger")),
    ("His Girl Friday (1940) {imdb-tt0032599}/His.Girl.Friday.1940.720p", ("eng",)),
    ("Nosferatu (1922)/Nosferatu (1922) {edition-Restored}", ("ger",)),
    ("Nosferatu (1922)/Nosferatu (1922)", ("ger",)),
    ("Detour.1945.1080p.BluRay.x264-DEMO", ("eng",)),
)
UNSURE = "The Kid/The Kid"  # without a year there are two of them
MEANT = ("The Kid", 1921)
BROKEN = "The Phantom of the Opera (1925)/The Phantom of the Opera (1925)"
SHOW = "Harbour Lights"
EPISODES = ((1, 1), (1, 2), (1, 3), (2, 1), (2, 3))
AIRED = {1: 3, 2: 4}  # episodes by season

# TMDB's number, title, year, IMDb's id, genre, and whom a page names.
_TOLD = (
    (10331, "Night of the Living Dead", 1968, "tt0063350", "Horror", "George A. Romero"),
    (961, "The General", 1926, "tt0017925", "Comedy", "Buster Keaton"),
    (4808, "Charade", 1963, "tt0056923", "Mystery", "Stanley Donen"),
    (3085, "His Girl Friday", 1940, "tt0032599", "Comedy", "Howard Hawks"),
    (653, "Nosferatu", 1922, "tt0013442", "Horror", "F. W. Murnau"),
    (20367, "Detour", 1945, "tt0037638", "Crime", "Edgar G. Ulmer"),
    (10098, "The Kid", 1921, "tt0012349", "Comedy", "Charlie Chaplin"),
    (964, "The Phantom of the Opera", 1925, "tt0016220", "Horror", "Rupert Julian"),
)


def catalogue() -> list[Made]:
    """What a TMDB would tell of them; clips of seconds have no running time there."""
    films: list[Made] = [
        MadeFilm(
            id=number, title=title, day=f"{year}-06-01", imdb_id=imdb_id, genres=(genre,),
            overview=f"A film of {year} whose copyright has ended.", runtime=0,
            crew=((number + 500_000, by, "Director"),), votes=900,
        )
        for number, title, year, imdb_id, genre, by in _TOLD
    ]  # fmt: skip
    other = MadeFilm(id=37_000, title=MEANT[0], day="2000-07-07", runtime=0, votes=700)
    show = MadeShow(
        id=80_000, title=SHOW, day="2019-03-03", seasons=AIRED, tvdb_id=370_000,
        overview="Nobody has made it; two of its episodes are missing here.",
    )  # fmt: skip
    return [*films, other, show]


def fill(folder: Path) -> None:
    """Put all of it there."""
    for place, languages in FILMS:
        _put(folder / place, languages)
    _put(folder / UNSURE, ("eng",))
    for season, number in EPISODES:
        name = f"{SHOW} - S{season:02}E{number:02}"
        _put(folder / f"{SHOW} (2019)" / f"Season {season:02}" / name, ("eng", "kor"))
    broken = _named(folder / BROKEN)
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"It was a video once. " * 5000)
    subtitles = folder / FILMS[0][0]
    subtitles.with_name(f"{subtitles.name}.en.srt").write_text(
        "1\n00:00:00,000 --> 00:00:02,000\nWhere is it?\n", encoding="utf-8"
    )


def _put(place: Path, languages: Sequence[str]) -> None:
    path = _named(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    if find_spec("av"):
        _write(path, path.name, languages)
    else:
        clips.write(path, path.name, SIMPLE_BYTES)


def _named(place: Path) -> Path:
    return place.with_name(f"{place.name}{'.mkv' if find_spec('av') else clips.SUFFIX}")


def _write(path: Path, title: str, languages: Sequence[str]) -> None:
    """A few seconds of moving grey with a silent soundtrack for each language."""
    import av

    with av.open(str(path), "w") as out:
        half = SECONDS * 500
        out.set_chapters([
            {"id": at, "start": at * half, "end": (at + 1) * half,
             "time_base": Fraction(1, 1000), "metadata": {"title": name}}
            for at, name in enumerate(("Opening", "The end"))
        ])  # fmt: skip
        shown: Any = out.add_stream("mpeg4", rate=FRAMES_PER_S)
        shown.width, shown.height, shown.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        heard: list[Any] = [out.add_stream("aac", rate=SAMPLES_PER_S) for _ in languages]
        for stream, language in zip(heard, languages, strict=True):
            stream.codec_context.layout = "stereo"
            stream.metadata["language"] = language
        out.start_encoding()
        for stream in heard:
            _write_silence(out, stream)
        shade = sum(title.encode()) % 100
        for at in range(SECONDS * FRAMES_PER_S):
            frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
            for number, plane in enumerate(frame.planes):
                plane.update(bytes([(shade + at * 3 + number * 40) % 200 + 20]) * plane.buffer_size)
            frame.pts, frame.time_base = at, Fraction(1, FRAMES_PER_S)
            out.mux(shown.encode(frame))
        out.mux(shown.encode(None))


def _write_silence(out: Any, stream: Any) -> None:
    import av

    context = stream.codec_context
    for start in range(0, SECONDS * SAMPLES_PER_S, SAMPLES):
        frame = av.AudioFrame(context.format.name, context.layout.name, SAMPLES)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.pts = SAMPLES_PER_S, start
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))
