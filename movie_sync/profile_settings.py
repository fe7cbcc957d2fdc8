"""Settings of a profile: which releases are accepted, and which is preferred."""

from typing import Annotated, Literal

from msgspec import Meta, field

from movie_sync.setting_types import Settings


class Profile(Settings, frozen=True):
    """Which releases of a film are accepted, and which is preferred.

    What is left empty is as the preset has it; docs/decisions.md says what each preset sets.
    """

    preset: Annotated[
        Literal["small", "balanced", "best"],
        Meta(description="small spares the disk, best spares nothing."),
    ] = "balanced"
    qualities: Annotated[
        tuple[str, ...],
        Meta(
            description='Accepted qualities, best first: "1080p", "2160p webdl", "1080p bluray '
            "remux\". Empty: the preset's."
        ),
    ] = ()
    cutoff: Annotated[
        str,
        Meta(
            description="The quality that is good enough: no better one is looked for. Empty: the "
            "preset's."
        ),
    ] = ""
    upgrade: Annotated[
        bool, Meta(description="Replace a film below the cutoff when a better release comes.")
    ] = True
    min_mib_per_minute: Annotated[
        Annotated[float, Meta(ge=0, le=10_000)] | None,
        Meta(description="Smallest size, in MiB for each minute of film, at 1080p."),
    ] = None
    max_mib_per_minute: Annotated[
        Annotated[float, Meta(ge=0, le=10_000)] | None,
        Meta(description="Largest size, in MiB for each minute of film, at 1080p."),
    ] = None
    aim_mib_per_minute: Annotated[
        Annotated[float, Meta(ge=0, le=10_000)] | None,
        Meta(description="Preferred size, in MiB for each minute of film, at 1080p."),
    ] = None
    hdr: Annotated[
        Literal["prefer", "any", "avoid", "never", "only"] | None,
        Meta(description="HDR and Dolby Vision."),
    ] = None
    languages: Annotated[
        tuple[str, ...],
        Meta(
            description='Languages of which one must be heard: "German", or "original" for the '
            "film's own. Empty: any, the film's own preferred."
        ),
    ] = ()
    editions: Annotated[
        tuple[str, ...],
        Meta(
            description='Editions that are preferred, best first: "extended"; "" is the plain one.'
        ),
    ] = ()
    required: Annotated[
        tuple[str, ...],
        Meta(description="Words of which a name must hold one; /.../ is a regular expression."),
    ] = ()
    never: Annotated[
        tuple[str, ...],
        Meta(description="Words of which a name must hold none; /.../ is a regular expression."),
    ] = ()
    preferred: Annotated[
        dict[str, int],
        Meta(
            description="Word or /regular expression/ -> points, below 0 against it; the points of "
            "a name add up to its score."
        ),
    ] = field(default_factory=dict)
    min_score: Annotated[
        int, Meta(ge=-1_000_000, le=1_000_000, description="Fewest points that a name must have.")
    ] = -1_000_000
    min_seeders: Annotated[int, Meta(ge=0, le=10_000, description="Fewest seeders.")] = 1
    prefer_freeleech: Annotated[
        bool, Meta(description="Between equals, take what does not count against the ratio.")
    ] = True
    only_freeleech: Annotated[
        bool, Meta(description="Take only what does not count against the ratio.")
    ] = False
    prefer_internal: Annotated[
        bool, Meta(description="Between equals, take what the tracker's own people made.")
    ] = False
    min_age_minutes: Annotated[
        int,
        Meta(ge=0, le=1_000_000, description="How long a release must have been up already."),
    ] = 0
    wait_hours: Annotated[
        float,
        Meta(
            ge=0,
            le=10_000,
            description="Wait so long for a better release once one fits; not at the cutoff.",
        ),
    ] = 0.0
    hardcoded_subtitles: Annotated[
        bool, Meta(description="Accept subtitles that are burnt into the picture.")
    ] = False
    three_d: Annotated[bool, Meta(description="Accept 3D.")] = False
    full_discs: Annotated[bool, Meta(description="Accept whole Blu-ray and DVD discs.")] = False
