"""The texts of notices, which a person may set otherwise."""

import re
from collections.abc import Iterator, Mapping

from movie_sync.notice_settings import Notifications

# Title and text; `notifications.templates` goes before them.
TEMPLATES = {
    "login_refused": ("{service} refuses the login", "{sentence}. {do}"),
    "source_blocked": ("{service} is closed to this program", "{sentence}. {do}"),
    "disk_full": ("A disk stands in the way", "{sentence}. {do}"),
    "given_up": ("{film} was given up", "{reason}. {do}"),
    "show_failed": ("Sonarr did not take {shows}", '{list}\n"shows approve" tries it again.'),
    "confirm": ("{service} lacks many films", "{sentence}. {do}"),
    "trouble": ("Movie Sync needs you", "{sentence}. {do}"),
    "downloading": ("{film} is downloading", "{release}"),
    "arrived": ("{film} is in the library", "{release}"),
    "upgraded": ("{film} is in the library in a better release", "{release} instead of {old}"),
    "removed": ("{film} left the library", 'No list names it. "cleanup undo" brings it back.'),
    "show_added": ("Added to Sonarr: {shows}", "{list}"),
    "digest": ("Movie Sync on {day}", "{summary}"),
}
_FIELD = re.compile(r"\{(\w+)\}")


def written(section: Notifications, event: str, words: Mapping[str, str]) -> tuple[str, str]:
    """Title and text of a notice."""
    title, text = TEMPLATES[event]
    own = section.templates
    return filled(own.get(f"{event}.title", title), words), filled(own.get(event, text), words)


def filled(template: str, words: Mapping[str, str]) -> str:
    """The text with its words; a name that means nothing here stays as it is written."""
    return _FIELD.sub(lambda found: words.get(found[1], found[0]), template)


def unknown_templates(section: Notifications) -> Iterator[str]:
    """Those of the person's that are of no event."""
    known = {name for event in TEMPLATES for name in (event, f"{event}.title")}
    yield from (name for name in section.templates if name not in known)
