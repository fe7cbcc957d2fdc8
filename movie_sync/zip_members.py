"""A zip that somebody gave us, never believed: looked over before anything of it is read.

Nothing is ever unpacked to the disk. What is refused is refused as a whole, in one sentence; a
member that turns out to be damaged while it is read raises one of `BROKEN`.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from movie_sync.errors import FilesError

LARGEST_ZIP_BYTES = 256 * 1024**2
LARGEST_WHOLE_BYTES = 2 * 1024**3  # of all members, unpacked
MOST_MEMBERS = 5_000
# Deflate reaches 1032 with nothing but repetition; indented JSON of plays reaches about 40.
MOST_RATIO = 200
SMALL_BYTES = 1024**2  # what cannot do harm however well it packs

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
_USUAL = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 0x1


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """A zip whose members are few, small and honest enough to be read.

    Raises:
        FilesError: it cannot be read, is none, is damaged, or would do harm.
    """
    try:
        if path.stat().st_size > LARGEST_ZIP_BYTES:
            raise FilesError(
                f"{path} is larger than {LARGEST_ZIP_BYTES >> 20} MiB; it was not read"
            )
        with zipfile.ZipFile(path) as archive:
            if fault := _fault(archive.infolist()):
                raise FilesError(f"{path} {fault}; nothing of it was read")
            yield archive
    except OSError as error:
        raise FilesError(f"{path} cannot be read: {error.strerror or error}") from error
    except BROKEN as error:
        raise FilesError(
            f"{path} is damaged or not whole ({error}); nothing of it was read; export it again"
        ) from error


def read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most_bytes: int) -> bytes | None:
    """All of a member, or None where it is larger than that. Raises one of BROKEN."""
    with archive.open(member) as file:
        raw = file.read(most_bytes + 1)  # the size it claims may be a lie
    return raw if len(raw) <= most_bytes else None


def _fault(members: list[zipfile.ZipInfo]) -> str:
    """Why a zip with these members is not read, or nothing."""
    if len(members) > MOST_MEMBERS:
        return f"holds {len(members)} files where {MOST_MEMBERS} are the most"
    whole = sum(member.file_size for member in members)
    if whole > LARGEST_WHOLE_BYTES:
        return f"holds {whole >> 20} MiB where {LARGEST_WHOLE_BYTES >> 20} are the most"
    return next((fault for member in members if (fault := _fault_of(member))), "")


def _fault_of(member: zipfile.ZipInfo) -> str:
    name = member.filename
    shown = f'a file "{name[:80]}"'
    if "\\" in name or name.startswith("/") or ".." in PurePosixPath(name).parts:
        return f"holds {shown} that is to lie outside of it"
    if member.compress_type not in _USUAL:
        return f"holds {shown} that is packed in an unusual way"
    if member.flag_bits & _ENCRYPTED:
        return "is encrypted; pack it again without a password"
    bloated = member.file_size > MOST_RATIO * max(member.compress_size, 1)
    if bloated and member.file_size > SMALL_BYTES:
        return (
            f"holds {shown} that grows {member.file_size // max(member.compress_size, 1)} times "
            f"when unpacked, where {MOST_RATIO} times is the most"
        )
    return ""
