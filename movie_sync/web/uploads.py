"""Files that a person sends: no larger than may be, and kept whole or not at all."""

import re
import shutil
from pathlib import Path, PurePosixPath

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from movie_sync import atomic
from movie_sync.errors import FilesError

MOST_BYTES = 64 * 1024**2
LONGEST_NAME = 80


async def form_with_file(request: Request, most_bytes: int = MOST_BYTES) -> FormData:
    """The fields of a form that holds at most one file; to be closed.

    Raises:
        HTTPException: it is larger than may be, or does not say how large it is.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411, "it is not said how large the file is; nothing was read")
    if int(length) > most_bytes:
        raise HTTPException(
            413, f"the file is larger than {most_bytes >> 20} MiB; nothing of it was read"
        )
    return await request.form(max_files=1, max_fields=50)


def name_of(upload: UploadFile) -> str:
    """Its name, without what could lead to another folder or cannot be shown."""
    last = PurePosixPath((upload.filename or "").replace("\\", "/")).name
    return re.sub(r"[^\w.() -]+", "_", last)[-LONGEST_NAME:].lstrip(".") or "file"


def keep(upload: UploadFile, folder: Path) -> Path:
    """The file in this folder, in place of whatever was there; raises FilesError."""
    path = folder / name_of(upload)
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        atomic.write(path, iter(lambda: upload.file.read(1 << 20), b""))
    except OSError as error:
        raise FilesError(f"{path} cannot be written ({error.strerror})") from error
    return path
