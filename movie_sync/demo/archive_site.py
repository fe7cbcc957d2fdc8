"""The Internet Archive on 127.0.0.1: its search, its metadata, and the files of its items.

It answers in the Archive's shapes: fields are missing, one value or a list; an unknown item is
`{}`; a file is led to from the site and lies on a server, both of which its torrents name as web
seeds. What goes wrong is said by setting `trouble`; `requests` counts what it was asked.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from movie_sync.demo.server import LoopbackServer, Reply, Request
from movie_sync.torrent_session import library

JSON = "application/json"
NODE = "/27/items"
PUBLIC_DOMAIN = "http://creativecommons.org/licenses/publicdomain/"
GONE = Reply(404, b"<h1>404 Not Found</h1>")
NOBODY = b"d8:intervali1800e5:peers0:e"  # what its tracker knows of peers

_PHRASE = re.compile(r'title:"((?:\\.|[^"\\])*)"')
_YEARS = re.compile(r"year:\[(\d+) TO (\d+)\]")
_FILED = re.compile(r"OR collection:\(([^)]*)\)")
_MARKUP = re.compile(r"<[^<>]*>")
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")


class ArchiveSite(LoopbackServer):
    """Items are added while it runs, for their torrents name its address.

    Args:
        folder: holds the files of the items; made if it is not there.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.requests: Counter[str] = Counter()  # "search", "metadata", "download", "file"
        self.trouble: dict[str, Reply] = {}  # is said instead, to any such request
        self.asked: list[dict[str, str]] = []  # each search
        self._items: dict[str, dict[str, Any]] = {}
        self._facts: dict[str, dict[str, Mapping[str, Any]]] = {}
        self._lock = threading.Lock()

    def add(self, identifier: str, film: Path, **metadata: Any) -> Path:
        """An item with a film and what the Archive makes of one; returns the item's folder.

        Args:
            metadata: title, year, licenseurl ... as they are told; None leaves one out.
        """
        item = self.folder / identifier
        thumbs = item / f"{identifier}.thumbs"
        thumbs.mkdir(parents=True)
        (item / film.name).hardlink_to(film)
        content = film.read_bytes()
        made = {f"{film.stem}.mp4": 3, f"{film.stem}.ogv": 4}
        for name, share in made.items():
            (item / name).write_bytes(content[-len(content) // share :])
        (thumbs / f"{film.stem}_000001.jpg").write_bytes(content[:2000])
        (item / "__ia_thumb.jpg").write_bytes(content[:1000])
        (item / f"{identifier}_meta.xml").write_text(f"<metadata>{identifier}</metadata>")
        derived = {"source": "derivative", "original": film.name}
        facts = dict.fromkeys([*made, f"{thumbs.name}/{film.stem}_000001.jpg"], derived)
        self.publish(identifier, facts, **metadata)
        return item

    def publish(
        self, identifier: str, facts: Mapping[str, Mapping[str, Any]], **metadata: Any
    ) -> None:
        """List an item by the files that lie in its folder now, and make its torrent of them.

        Args:
            facts: of files, by their names there: height, length, private ...
        """
        item = self.folder / identifier
        torrent = item / f"{identifier}_archive.torrent"
        torrent.unlink(missing_ok=True)
        torrent.write_bytes(self._torrent(item))
        told = {"identifier": identifier, "title": identifier, "mediatype": "movies"}
        told |= {"licenseurl": PUBLIC_DOMAIN, "publicdate": "2004-09-08T12:00:00Z"} | metadata
        kept = {name: value for name, value in told.items() if value is not None}
        with self._lock:
            self._items[identifier] = kept | {"item_size": sum(_sizes(item).values())}
            self._facts[identifier] = {**self._facts.get(identifier, {}), **facts}

    def answer(self, request: Request) -> Reply:
        kind, _, rest = request.path.removeprefix("/").partition("/")
        match kind:
            case "advancedsearch.php":
                return self._counted("search") or _json(self._search(request.query))
            case "metadata":
                return self._counted("metadata") or _json(self._metadata(rest))
            case "download":
                led = Reply(302, headers={"Location": f"{self.url}{NODE}/{rest}"})
                return self._counted("download") or led
            case "announce":
                return Reply(200, NOBODY, "text/plain")
        if request.path.startswith(f"{NODE}/"):
            path = request.path.removeprefix(f"{NODE}/")
            return self._counted("file") or self._file(path, request.headers.get("Range", ""))
        return GONE

    def _counted(self, kind: str) -> Reply | None:
        with self._lock:
            self.requests[kind] += 1
        return self.trouble.get(kind)

    def _torrent(self, item: Path) -> bytes:
        """Every file begins with a piece of its own: filler stands between them."""
        lt = library()
        form = lt.create_torrent.v1_only | lt.create_torrent.canonical_files
        made = lt.create_torrent(lt.list_files(str(item.absolute())), 0, form)
        made.add_tracker(f"{self.url}/announce")
        for seed in (f"{self.url}/download/", f"{self.url}{NODE}/"):
            made.add_url_seed(seed)
        made.set_creator("ia_make_torrent")
        lt.set_piece_hashes(made, str(item.absolute().parent))
        return bytes(lt.bencode(made.generate()))

    def _search(self, query: dict[str, str]) -> dict[str, Any]:
        self.asked.append(query)
        with self._lock:
            found = [item for item in self._items.values() if _is_meant(item, query["q"])]
        by, _, order = query.get("sort[]", "").partition(" ")
        found.sort(key=lambda item: str(item.get(by, "")).zfill(9), reverse=order == "desc")
        fields, rows = query["fl[]"].split(","), int(query["rows"])
        docs = [{name: item[name] for name in fields if name in item} for item in found[:rows]]
        return {
            "responseHeader": {"status": 0, "QTime": 12, "params": {"wt": "json", **query}},
            "response": {"numFound": len(found), "start": 0, "docs": docs},
        }

    def _metadata(self, identifier: str) -> dict[str, Any]:
        with self._lock:
            item, facts = self._items.get(identifier), self._facts.get(identifier, {})
        if item is None:
            return {}
        folder, node = self.folder / identifier, f"127.0.0.1:{self.port}"
        files = [
            {"name": name, "source": "original", "size": str(size), **facts.get(name, {})}
            for name, size in _sizes(folder).items()
        ]
        files.append({"name": f"{identifier}_files.xml", "source": "original"})  # without a size
        return {
            "created": 1760000000,
            "d1": node,
            "dir": f"{NODE}/{identifier}",
            "files": files,
            "files_count": len(files),
            "item_size": sum(_sizes(folder).values()),
            "metadata": item,
            "server": node,
            "workable_servers": [node],
        }

    def _file(self, path: str, span: str) -> Reply:
        file = (self.folder / path).resolve()
        if not (file.is_file() and file.is_relative_to(self.folder.resolve())):
            return GONE
        content, kind = file.read_bytes(), "application/octet-stream"
        asked = _RANGE.fullmatch(span)
        if not asked:
            return Reply(200, content, kind)
        first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
        told = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
        return Reply(206, content[first : last + 1], kind, told)


def _json(answer: Any) -> Reply:
    return Reply(200, json.dumps(answer).encode(), JSON)


def _sizes(folder: Path) -> dict[str, int]:
    """Of each file below it, by its path there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.stat().st_size for path in files}


def _is_meant(item: Mapping[str, Any], query: str) -> bool:
    """Whether an item is meant by a question, as far as this program asks any."""
    title = " ".join(_MARKUP.sub("", _text(item["title"])).lower().split())
    phrases = [re.sub(r"\\(.)", r"\1", phrase).lower() for phrase in _PHRASE.findall(query)]
    if phrases and not any(phrase in title for phrase in phrases):
        return False
    years = _YEARS.search(query)
    year = _text(item.get("year") or item.get("date") or "")[:4]
    if years and year:
        span = [str(each) for each in range(int(years[1]), int(years[2]) + 1)]
        if year not in span and not any(each in title for each in span):
            return False
    filed = _FILED.search(query)
    collections = item.get("collection", [])
    curated = set(filed[1].split(" OR ")) if filed else set()
    free = "publicdomain" in str(item.get("licenseurl", "")) or curated.intersection(collections)
    return bool(free) and item.get("access-restricted-item") != "true"


def _text(value: Any) -> str:
    return str(value[0] if isinstance(value, list) else value)
