"""Watch markers that a person saved from the browser: the way round where Viki lets us in no more.

Signed in, the address below shows all of them, and the page is saved as it is. Nothing of a file
moves the mark that says how far Viki was read: what it holds is known better afterwards, no more.
"""

import os
from pathlib import Path

from movie_sync.errors import BadAnswer, FilesError
from movie_sync.services import viki_reading as reading
from movie_sync.services.viki_shapes import Markers

ADDRESS = "https://www.viki.com/api/vw_watch_markers?from=1"
LARGEST_BYTES = 64 * 1024**2
HOW = f"open {ADDRESS} in the browser where you are signed in, and save the page as it is"


def read(path: Path) -> Markers:
    """Raises FilesError: it holds no watch markers; the message says what it holds."""
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > LARGEST_BYTES:
                most = f"{LARGEST_BYTES >> 20} MiB"
                raise FilesError(f"{path} is larger than {most}; nothing of it was read")
            content = file.read(LARGEST_BYTES)
    except OSError as error:
        raise FilesError(f"{path} cannot be read ({error.strerror})") from error
    return of_bytes(content, str(path))


def of_bytes(content: bytes, name: str) -> Markers:
    """The same of a file that was uploaded. Raises as `read` does."""
    content = content.removeprefix(b"\xef\xbb\xbf").strip()
    if content.startswith(b"<"):
        raise FilesError(f"{name} is a web page and holds no watch markers; {HOW}")
    try:
        return reading.markers(content, name)
    except BadAnswer as error:
        said = reading.words(content) if content.startswith(b"{") else ""
        why = f'{name} says "{said}" and holds no watch markers' if said else error.message
        raise FilesError(f"{why}; {HOW}") from error


def rest(markers: Markers) -> str | None:
    """What to do where Viki did not put all into one answer; None: it did."""
    if not markers.more:
        return None
    following = ADDRESS.replace("from=1", f"from={markers.updated_till_s}")
    return f"this is a first part of the watch markers; open {following} too, and import that"
