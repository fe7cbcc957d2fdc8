"""What a profile means: its qualities in order, its cutoff, and a preset for all that is left open.

A quality is said in words: a resolution, a source, "remux" or the like, or several of these. A
release is of the first quality listed whose words all fit, so that what stands first is best.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from movie_sync import releases
from movie_sync.errors import ConfigError
from movie_sync.films import words
from movie_sync.films.words import Word
from movie_sync.languages import LANGUAGES, WORDS, fold, name_of
from movie_sync.releases import Modifier, ReleaseName, Source
from movie_sync.settings import Profile

LINES = {"2160p": 2160, "1080p": 1080, "720p": 720, "576p": 576, "480p": 480}
SOURCES = {
    "bluray": (Source.BLURAY,),
    "webdl": (Source.WEBDL,),
    "webrip": (Source.WEBRIP,),
    "web": (Source.WEBDL, Source.WEBRIP),
    "tv": (Source.TV,),
    "dvd": (Source.DVD,),
}
MODIFIERS = {"remux": Modifier.REMUX, "disc": Modifier.DISC, "rawhd": Modifier.RAWHD}
KNOWN = ", ".join((*LINES, *SOURCES, *MODIFIERS))

# Filmed in a cinema, or not for sale yet: of no quality, whatever their picture is said to be.
EARLY_COPIES = {
    Source.CAM: "a cam",
    Source.TELESYNC: "a telesync",
    Source.TELECINE: "a telecine",
    Source.WORKPRINT: "a workprint",
    Source.SCREENER: "a screener",
}
_BY_NAME = {name.lower(): name for name, _, _ in LANGUAGES}


class Preset(Struct, frozen=True):
    """What a profile is where its own settings say nothing. Sizes are in MiB a minute, at 1080p."""

    qualities: tuple[str, ...]
    cutoff: str
    least: float
    aim: float
    most: float
    hdr: str


PRESETS = {
    "small": Preset(
        ("1080p", "720p", "576p", "480p"), "720p", least=5.0, aim=15.0, most=35.0, hdr="never"
    ),
    "balanced": Preset(
        ("1080p", "720p", "2160p", "576p", "480p"),
        "1080p",
        least=8.0,
        aim=40.0,
        most=200.0,
        hdr="any",
    ),
    "best": Preset(
        (
            "2160p remux", "2160p bluray", "2160p webdl", "2160p",
            "1080p remux", "1080p bluray", "1080p webdl", "1080p",
            "720p bluray", "720p", "576p", "480p",
        ),
        "2160p bluray",
        least=15.0,
        aim=220.0,
        most=1000.0,
        hdr="prefer",
    ),
}  # fmt: skip


class Quality(Struct, frozen=True):
    """One quality of a profile. What its words do not name may be anything."""

    text: str  # as it was set
    lines: int | None = None
    sources: tuple[Source, ...] = ()
    modifier: Modifier | None = None

    def fits(self, name: ReleaseName) -> bool:
        return (
            self.lines in (None, name.likely_resolution)
            and (not self.sources or name.source in self.sources)
            and self.modifier in (None, name.modifier)
        )

    def covers(self, other: "Quality") -> bool:
        """Whether all that is of the other quality is of this one too."""
        return (
            self.lines in (None, other.lines)
            and (not self.sources or bool(other.sources))
            and set(other.sources if self.sources else ()) <= set(self.sources)
            and self.modifier in (None, other.modifier)
        )


class Effective(Struct, frozen=True):
    """A profile with nothing left open and every word read. Sizes as those of a preset."""

    given: Profile  # for all that needs no reading
    qualities: tuple[Quality, ...]
    cutoff: int  # the place of the last quality that is good enough
    least: float
    aim: float
    most: float
    hdr: str
    languages: tuple[str, ...]  # by their English names, or ORIGINAL
    editions: tuple[Word | None, ...]  # None is the plain one
    required: tuple[Word, ...]
    never: tuple[Word, ...]
    preferred: tuple[tuple[Word, int], ...]

    def place(self, name: ReleaseName) -> int | None:
        """The place of a release's quality, 0 being the best; None where it is of none."""
        if name.source in EARLY_COPIES:
            return None
        return next((at for at, each in enumerate(self.qualities) if each.fits(name)), None)

    def is_enough(self, place: int | None) -> bool:
        return place is not None and place <= self.cutoff

    def score(self, release_name: str) -> int:
        return sum(points for word, points in self.preferred if word.is_in(release_name))


def effective(profile: Profile, section: str = "profile") -> Effective:
    """What is set goes before the preset.

    Args:
        section: where in config.json the profile stands, for errors.

    Raises:
        ConfigError: a quality, the cutoff, a word or the sizes make no sense; says what does.
    """
    preset = PRESETS[profile.preset]
    qualities = tuple(
        _quality(text, f"{section}.qualities") for text in profile.qualities or preset.qualities
    )
    least, aim, most = _sizes(profile, preset, section)
    return Effective(
        given=profile,
        qualities=qualities,
        cutoff=_cutoff(profile, preset, qualities, section),
        least=least,
        aim=aim,
        most=most,
        hdr=profile.hdr or preset.hdr,
        languages=tuple(_language(each, f"{section}.languages") for each in profile.languages),
        editions=tuple(
            words.read(each, f"{section}.editions") if each else None for each in profile.editions
        ),
        required=tuple(words.read(each, f"{section}.required") for each in profile.required),
        never=tuple(words.read(each, f"{section}.never") for each in profile.never),
        preferred=_preferred(profile.preferred, f"{section}.preferred"),
    )


def check(profile: Profile, section: str = "profile") -> None:
    """Raises ConfigError, naming the setting, where `effective` would; for the start."""
    effective(profile, section)


def meets_cutoff(release_name: str, profile: Profile) -> bool:
    """Whether a release is so good that no better one is looked for."""
    wants = effective(profile)
    return wants.is_enough(wants.place(releases.read(release_name)))


def quality(name: ReleaseName) -> str:
    """In words that a profile may use too: "1080p bluray remux"; "unknown" if it says nothing."""
    lines = name.likely_resolution
    said = (f"{lines}p" if lines else None, name.source, name.modifier)
    return " ".join(str(each) for each in said if each) or "unknown"


def _quality(text: str, setting: str) -> Quality:
    lines: list[int] = []
    sources: list[tuple[Source, ...]] = []
    modifiers: list[Modifier] = []
    for word in text.lower().split():
        plain = word.replace("-", "")  # Blu-ray, WEB-DL
        if plain in LINES:
            lines.append(LINES[plain])
        elif plain in SOURCES:
            sources.append(SOURCES[plain])
        elif plain in MODIFIERS:
            modifiers.append(MODIFIERS[plain])
        else:
            raise ConfigError(f'{setting}: "{word}" is no word of a quality; known are {KNOWN}')
    if not text.strip() or max(len(lines), len(sources), len(modifiers)) > 1:
        raise ConfigError(
            f'{setting}: "{text}" is no quality; one has a resolution, a source, "remux" or the '
            'like, or one of each, such as "1080p bluray remux"'
        )
    return Quality(
        text,
        lines=lines[0] if lines else None,
        sources=sources[0] if sources else (),
        modifier=modifiers[0] if modifiers else None,
    )


def _cutoff(profile: Profile, preset: Preset, qualities: Sequence[Quality], section: str) -> int:
    """The very quality, else the last of those that the cutoff's words cover: with "1080p bluray"
    and "1080p webdl" listed, a cutoff of "1080p" is met by both.

    A preset's cutoff that is not in a person's own list gives way to the best of these.
    """
    cutoff = _quality(profile.cutoff or preset.cutoff, f"{section}.cutoff")
    same = [at for at, each in enumerate(qualities) if cutoff.covers(each) and each.covers(cutoff)]
    covered = [at for at, each in enumerate(qualities) if cutoff.covers(each)]
    if same or covered:
        return (same or covered)[-1]
    if profile.cutoff:
        listed = ", ".join(each.text for each in qualities)
        message = f'"{profile.cutoff}" is in no quality of this profile; these are {listed}'
        raise ConfigError(f"{section}.cutoff: {message}")
    return 0


def _sizes(profile: Profile, preset: Preset, section: str) -> tuple[float, float, float]:
    """Least, aim and most. A limit of the preset gives way to one that is set."""
    least, most = profile.min_mib_per_minute, profile.max_mib_per_minute
    if least is None:
        least = preset.least if most is None else min(preset.least, most)
    elif most is None:
        most = max(preset.most, least)
    most = preset.most if most is None else most
    if least > most:
        what = f"min_mib_per_minute is {least:g}, more than max_mib_per_minute with {most:g}"
        raise ConfigError(f"{section}: {what}; no release could be of such a size")
    aim = preset.aim if profile.aim_mib_per_minute is None else profile.aim_mib_per_minute
    return least, min(max(aim, least), most), most


def _language(text: str, setting: str) -> str:
    """Its English name, as releases are read: "German" for "german", "de", "ger" or "Deutsch"."""
    plain = text.strip().lower()
    known = _BY_NAME.get(plain) or name_of(plain) or (WORDS.get(fold(plain)) if plain else None)
    if known is None:
        message = f'"{text}" is no language known here; write it in English, such as "German"'
        raise ConfigError(f"{setting}: {message}")
    return known


def _preferred(points: Mapping[str, int], setting: str) -> tuple[tuple[Word, int], ...]:
    return tuple((words.read(text, setting), each) for text, each in points.items())
