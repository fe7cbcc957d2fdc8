"""A Torznab indexer on loopback that gives recorded answers, and remembers what it was asked."""

from collections.abc import Mapping
from pathlib import Path

from movie_sync.demo.server import LoopbackServer, Reply, Request

ANSWERS = Path(__file__).parent.parent / "answers" / "torznab"
XML = "application/rss+xml; charset=utf-8"
KEY = "5ec2e7f00dcafe115ec2e7f00dcafe11"
API = "/1/api"


class TorznabSite(LoopbackServer):
    """Answers `t=caps` and every search with a file; `found` says what each `q` or id brings."""

    def __init__(self, like: str = "prowlarr") -> None:
        super().__init__()
        self.like = like
        self.queries: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.raw_queries: list[str] = []
        self.slow_s = 0.0
        self.trouble: Reply | None = None  # in place of every answer
        self.caps: bytes | None = None
        self.files: dict[str, Reply] = {}  # by path, of what is downloaded
        self.found: Mapping[str, bytes] | None = None  # else everything is found

    def answer(self, request: Request) -> Reply:
        self.paths.append(request.path)
        self.raw_queries.append(request.raw_query)
        self.stopping.wait(self.slow_s)
        if request.path != API:
            return self.files.get(request.path, Reply(404))
        self.queries.append(request.query)
        if self.trouble:
            return self.trouble
        if request.query["t"] == "caps":
            return Reply(200, self.caps or self.recorded("caps"), XML)
        if self.found is None:
            return Reply(200, self.recorded("search"), XML)
        asked = request.query.get("imdbid") or request.query.get("tmdbid") or request.query.get("q")
        page = self.found.get(f"{asked}+{request.query.get('offset', 0)}", rss())
        return Reply(200, self.found.get(asked or "", page), XML)

    def recorded(self, name: str) -> bytes:
        text = (ANSWERS / f"{self.like}_{name}.xml").read_text(encoding="utf-8")
        return text.replace("SITE", self.url).encode()

    @property
    def searches(self) -> list[dict[str, str]]:
        """What was asked, without what every search holds."""
        usual = ("apikey", "cat", "limit", "extended")
        asked = [one for one in self.queries if one["t"] != "caps"]
        return [{key: one[key] for key in one if key not in usual} for one in asked]


def item(number: int = 1, title: str = "", more: str = "", link: str = "http://x.example/7") -> str:
    name = title or f"Film.{number}.1999.1080p"
    enclosure = f'<enclosure url="{link}" length="8589934592" type="application/x-bittorrent"/>'
    return f"<item><title>{name}</title><guid>{number}</guid>{enclosure}{more}</item>"


def attr(name: str, value: object) -> str:
    space = "http://torznab.com/schemas/2015/feed"
    return f'<t:attr xmlns:t="{space}" name="{name}" value="{value}"/>'


def rss(*items: str, total: int | None = None) -> bytes:
    space = "http://torznab.com/schemas/2015/feed"
    response = "" if total is None else f'<t:response xmlns:t="{space}" total="{total}"/>'
    return f"<rss><channel>{response}{''.join(items)}</channel></rss>".encode()


def error(code: object, words: str = "", status: int = 200, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    text = f'<?xml version="1.0"?><error code="{code}" description="{words}"/>'
    return Reply(status, text.encode(), XML, named)
