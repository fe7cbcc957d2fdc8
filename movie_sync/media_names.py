"""Which files and folders are what, by their names alone, for all that looks into folders.

Also, how a path is kept as text: names on a disk are bytes, and a database holds characters.
"""

import os

_VIDEOS = (
    ".3gp .asf .avi .divx .flv .iso .m2ts .m4v .mk3d .mkv .mov .mp4 .mpeg .mpg .mts .ogm .ogv .rm"
    " .rmvb .ts .vob .webm .wmv"
)
VIDEOS = frozenset(_VIDEOS.split())
DISC_FOLDERS = frozenset({"bdmv", "certificate", "video_ts", "audio_ts"})

# Bins, snapshots and thumbnails, as NAS systems and Windows name them.
NOT_THE_PERSONS = frozenset(
    {"$recycle.bin", "#recycle", "#snapshot", "@eadir", "@recycle", "lost+found"}
    | {"system volume information", "@__thumb", "plex versions", "network trash folder"}
)

# Bytes that are no UTF-8 stand as these characters, of the area for private use, as MirBSD has
# them; such a character in a name stands as its own three bytes. So each path has one text, from
# which it can be told, and a folder's text is the beginning of the texts of all that is in it.
_PRIVATE = 0xEF00
_FIRST, _LAST = "\uef80", "\uefff"
_TO_BYTES = {_PRIVATE + byte: bytes([byte]) for byte in range(0x80, 0x100)}


def storable(path: str) -> str:
    """A path of this machine as text that any database, page or log can hold."""
    if path.isprintable() and not _has_private(path):
        return path
    return "".join(map(_storable, path))


def path_of(text: str) -> str:
    """The path that `storable` made a text of."""
    if not _has_private(text):
        return text
    parts = (_TO_BYTES[ord(char)] if _FIRST <= char <= _LAST else char.encode() for char in text)
    return os.fsdecode(b"".join(parts))


def shown(path: str) -> str:
    """For a sentence: one line, whatever the name holds."""
    text = os.fsencode(path).decode(errors="replace")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _storable(char: str) -> str:
    if "\udc80" <= char <= "\udcff":
        return chr(_PRIVATE + ord(char) - 0xDC00)
    if _FIRST <= char <= _LAST:
        return "".join(chr(_PRIVATE + byte) for byte in char.encode())
    return char


def _has_private(text: str) -> bool:
    return not text.isascii() and any(_FIRST <= char <= _LAST for char in text)
