"""How large a release is for the length and the picture of its film. Pure.

Limits are set in MiB for a minute of 1080p, so that one setting does for a short film in 480p
and a long one in 2160p.
"""

import math

from msgspec import Struct

MIB = 1024**2
ASSUMED_RUNTIME_MIN = 110  # the usual length of a film, where nobody tells

# Other pictures take so many times as much as 1080p at the same quality.
SCALES = {2160: 4.0, 1080: 1.0, 720: 0.5, 576: 0.4, 480: 0.35}


class Size(Struct, frozen=True):
    """The size of a release, and what it is to be measured by."""

    size_bytes: int
    runtime_min: int | None
    lines: int | None  # of its picture

    @property
    def mib_per_minute(self) -> float:
        """For a minute of film, as it would be at 1080p."""
        return self.size_bytes / MIB / self._as_minutes

    def against(self, limit_mib_per_minute: float, bound: str) -> str:
        """In words: "has 30.0 GiB for 110 min at 1080p, at most 21.5 GiB wanted"."""
        length = f"{self.runtime_min or ASSUMED_RUNTIME_MIN} min"
        length += "" if self.runtime_min else " (assumed)"
        picture = f" at {self.lines}p" if self.lines else ""
        has, limit = amount(self.size_bytes), amount(self.at(limit_mib_per_minute))
        return f"has {has} for {length}{picture}, {bound} {limit} wanted"

    def off(self, aim_mib_per_minute: float) -> float:
        """How far it is from what is aimed at; half of that counts as far off as double."""
        return abs(math.log(max(self.mib_per_minute, 0.01) / max(aim_mib_per_minute, 0.01)))

    def at(self, mib_per_minute: float) -> float:
        """How many bytes so much for a minute makes here."""
        return mib_per_minute * self._as_minutes * MIB

    @property
    def _as_minutes(self) -> float:
        """How many minutes of 1080p would fill as much."""
        minutes = max(self.runtime_min or ASSUMED_RUNTIME_MIN, 1)
        return minutes * SCALES.get(self.lines or 1080, 1.0)


def amount(size_bytes: float) -> str:
    mib = size_bytes / MIB
    return f"{mib / 1024:.1f} GiB" if mib >= 1024 else f"{mib:.0f} MiB"
