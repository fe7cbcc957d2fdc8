import zipfile

import pytest

from movie_sync import zip_members
from movie_sync.errors import FilesError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "export.zip"


def packed(path, *names, content=b"x", method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return path


def refused(path):
    with pytest.raises(FilesError) as caught, zip_members.opened(path):
        pass
    return str(caught.value).replace(str(path), path.name)


def test_an_ordinary_zip_is_opened(path):
    with zip_members.opened(packed(path, "a.json", "alice/b.json", "a..b.json")) as archive:
        assert zip_members.read(archive, archive.getinfo("a.json"), 1) == b"x"


def test_a_member_that_is_too_large_is_not_read(path):
    with zip_members.opened(packed(path, "a.json", content=b"xy")) as archive:
        assert zip_members.read(archive, archive.getinfo("a.json"), 1) is None


@pytest.mark.parametrize("name", ["/etc/passwd", "../a.json", "a/../../b.json", "..\\a.json"])
def test_a_name_that_leads_out_of_the_zip_is_refused(path, name):
    assert refused(packed(path, "a.json", name)) == (
        f'export.zip holds a file "{name}" that is to lie outside of it; nothing of it was read'
    )


def test_an_encrypted_zip_is_refused(path):
    raw = bytearray(packed(path, "a.json").read_bytes())
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(raw)
    assert refused(path) == (
        "export.zip is encrypted; pack it again without a password; nothing of it was read"
    )


def test_a_zip_of_too_many_files_is_refused(path, monkeypatch):
    packed(path, *(f"{number}.json" for number in range(5_001)), method=zipfile.ZIP_STORED)
    assert refused(path) == (
        "export.zip holds 5001 files where 5000 are the most; nothing of it was read"
    )


def test_a_zip_that_grows_too_much_is_refused(path):
    packed(path, "a.json", content=b" " * 2_000_000)
    assert "that grows 10" in refused(path)
    assert refused(path).endswith("times is the most; nothing of it was read")


def test_a_zip_that_says_it_is_huge_is_refused(path):
    raw = bytearray(packed(path, "a.json", "b.json").read_bytes())
    for number in range(2):
        at = [at for at in range(len(raw)) if raw[at : at + 4] == b"PK\x01\x02"][number]
        raw[at + 24 : at + 28] = (0x7FFFFFFF).to_bytes(4, "little")
    path.write_bytes(raw)
    assert (
        refused(path) == "export.zip holds 4095 MiB where 2048 are the most; nothing of it was read"
    )


def test_a_file_packed_in_an_unusual_way_is_refused(path):
    packed(path, "a.json", method=zipfile.ZIP_BZIP2)
    assert "packed in an unusual way; nothing of it was read" in refused(path)


def test_what_is_no_zip_is_refused(path):
    path.write_bytes(b"hello")
    assert refused(path) == (
        "export.zip is damaged or not whole (File is not a zip file); "
        "nothing of it was read; export it again"
    )


def test_what_is_not_there_is_refused(path):
    assert refused(path) == "export.zip cannot be read: No such file or directory"
