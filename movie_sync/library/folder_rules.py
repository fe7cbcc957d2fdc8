"""A number for the rules by which folders are read: with other rules, all is read again, once."""

import zlib
from functools import cache
from pathlib import Path

from movie_sync import releases


@cache
def number() -> str:
    """Any change of the modules that read names and NFOs makes it another."""
    package = Path(releases.__file__).parent
    library = Path(__file__).parent
    modules = [*package.glob("release*.py"), *package.glob("title*.py")]
    modules += [package / "subtitle_names.py", package / "media_names.py"]
    modules += [*library.glob("folder_*.py"), library / "nfo.py", library / "plexmatch.py"]
    return f"{zlib.crc32(b''.join(path.read_bytes() for path in sorted(modules))):08x}"
