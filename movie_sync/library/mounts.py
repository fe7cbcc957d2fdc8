"""What kind of drive a folder lies on."""

import os
import re
from pathlib import Path

_NETWORK = re.compile(
    r"nfs\d?|cifs|smb3|smbfs|ncpfs|afs|9p|virtiofs|ceph|glusterfs|lustre|davfs|beegfs|moosefs"
    r"|fuse\.(?:sshfs|rclone|s3fs|davfs2?|glusterfs|curlftpfs|smbnetfs|moosefs|mfs|google-drive\S*)"
)
_ESCAPED = re.compile(r"\\([0-7]{3})")
MOUNTS = Path("/proc/self/mounts")


def network_drive(folder: str, mounts: Path = MOUNTS) -> str | None:
    """The kind of network drive that it lies on, "nfs4"; None on any other, or if unknown."""
    try:
        text = os.fsdecode(mounts.read_bytes())
    except OSError:
        return None
    real = os.path.realpath(folder)
    best, kind = "", ""
    for line in text.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = _ESCAPED.sub(lambda code: chr(int(code[1], 8)), fields[1])
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind if _NETWORK.fullmatch(kind) else None
