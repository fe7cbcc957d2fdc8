"""What each choice of a setting means, for a person who chooses."""

from msgspec import Struct

from movie_sync import setting_text
from movie_sync.config_keys import Setting
from movie_sync.films.profiles import PRESETS

LENGTH_MIN = 120
NAMES = {
    "libtorrent": "Built in",
    "qbittorrent": "qBittorrent",
    "": "as the preset has it",
    "keep": "stay",
    "tidy": "go like any other",
}
PRESET_WORDS = {
    "small": "Spares the disk. No 4K, and no HDR; 720p is good enough.",
    "balanced": "For one screen and an ordinary disk. 1080p, and less where there is no more yet.",
    "best": "Spares nothing. 4K where there is such a disc, with HDR; replaced as better comes.",
}


class Choice(Struct, frozen=True):
    """One of what may be chosen."""

    value: str
    name: str
    sentence: str = ""


def choices_of(setting: Setting) -> tuple[Choice, ...]:
    """None where anything may be written."""
    options = setting_text.options(setting)
    if options and setting.default is None:
        options = ("", *options)
    is_preset = setting.key.endswith(".preset")
    return tuple(
        Choice(one, NAMES.get(one, one.replace("_", " ")), _of_preset(one) if is_preset else "")
        for one in options
    )


def _of_preset(name: str) -> str:
    """With the size of a film of two hours at 1080p."""
    preset = PRESETS[name]
    about, most = (LENGTH_MIN * each / 1024 for each in (preset.aim, preset.most))
    return (
        f"{PRESET_WORDS[name]} Two hours in 1080p take about {about:.0f} GiB, at most {most:.0f}."
    )
