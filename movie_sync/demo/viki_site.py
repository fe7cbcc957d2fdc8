"""A Viki on 127.0.0.1: its site, which knows how far somebody is, and its API below /v4.

What is watched here grows into watch markers and into the list of what is being watched. A session
ends `idle_s` after its last use, as the real ones do, and is then told 400. What goes wrong is said
by setting `trouble`, or `troubles` for the next requests one by one; `requests` tells what it was
asked. No cookie and no token is written down.
"""

import json
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from movie_sync.demo import viki_titles as told
from movie_sync.demo.server import LoopbackServer, Reply, Request
from movie_sync.demo.viki_titles import Answer, MadeContainer

JSON = "application/json; charset=utf-8"
MOST_PER_PAGE = 50  # whatever is asked for
MARKERS_PER_PAGE = 100
SECRET = {"token"}


def reply(value: Any, status: int = 200, **headers: str) -> Reply:
    """An answer in JSON; `Set_Cookie` becomes a header."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Reply(status, json.dumps(value, ensure_ascii=False).encode(), JSON, named)


SIGNED_OUT = reply({"error": "User not signed in"}, 400)
WRONG_APP = reply({"error": "invalid signature", "vcode": 4}, 400)
WRONG_TOKEN = reply({"error": "invalid session token", "vcode": 11}, 401)
GONE = reply({"error": "resource not found", "vcode": 7}, 404)
FAR_AWAY = Reply(451, b'{"error": "Sorry, this content is not available in your region."}', JSON)
CLOSED_COUNTRY = Reply(
    403, b"<html><h1>403 ERROR</h1>The distribution is configured to block access from your country"
)
SIGN_IN_PAGE = Reply(200, b"<!DOCTYPE html><title>Sign in | Rakuten Viki</title>")
PROXY_404 = Reply(404, b"<html><h1>404 Not Found</h1><hr>nginx</html>")


class VikiSite(LoopbackServer):
    """One person's Viki. Containers may be put while it runs.

    Args:
        clock: Unix seconds, of the server.
        idle_s: how long a session lasts without being used.
        app_ids: that the API takes.
        rolling: whether each answer of the site renews a cookie.
    """

    def __init__(
        self,
        containers: Iterable[MadeContainer] = (),
        *,
        clock: Callable[[], float] = time.time,
        idle_s: float = 1800.0,
        app_ids: Iterable[str] = ("100000a", "100005a"),
        rolling: bool = False,
    ) -> None:
        super().__init__()
        self.idle_s, self.app_ids, self.rolling = idle_s, set(app_ids), rolling
        self.user_id, self.user_name = "4711u", "ann"
        self.markers_per_page, self.most_per_page = MARKERS_PER_PAGE, MOST_PER_PAGE
        self.says_more = True  # whether a page of a list says that there is more
        self.bare: set[str] = set()  # videos whose marker is nothing but the seconds
        self.without_position: set[str] = set()
        self.without_credits: set[str] = set()
        self.trouble: Reply | None = None  # is said to every request
        self.troubles: deque[Reply | None] = deque()  # to the next ones, one each; None: no trouble
        self.requests: list[str] = []  # paths with their queries, without the token
        self._clock = clock
        self._containers = {each.id: each for each in containers}
        self._listed: dict[str, None] = {}  # in the order that they were put on the list
        self._later: dict[str, None] = {}
        self._sessions: dict[str, tuple[str, float]] = {}  # session__id -> the other, last use
        self._tokens: set[str] = set()
        self._markers: dict[str, tuple[int, Answer]] = {}  # of a video, and when it changed
        self._changed_s = 1_000_000_000
        self._lock = threading.RLock()

    @property
    def api_url(self) -> str:
        return f"{self.url}/v4"

    def put(self, made: MadeContainer) -> None:
        with self._lock:
            self._containers[made.id] = made

    def remove(self, container_id: str) -> None:
        with self._lock:
            del self._containers[container_id]

    def sign_in(self) -> dict[str, str]:
        """The cookies of a browser that signed in now."""
        with self._lock:
            one, other = secrets.token_urlsafe(18), secrets.token_hex(16)
            self._sessions[one] = (other, self._clock())
            return {"session__id": one, "_viki_session": other}

    def sign_out(self) -> None:
        """Of every browser; tokens end too."""
        with self._lock:
            self._sessions.clear()
            self._tokens.clear()

    def give_token(self) -> str:
        with self._lock:
            token = f"ex1{secrets.token_urlsafe(12)}_2u{self.user_id}_{secrets.token_hex(4)}"
            self._tokens.add(token)
            return token

    def watch(self, video_id: str, seconds: int, at: datetime | None = None) -> None:
        """Somebody watched up to there, and left."""
        with self._lock:
            of, made = told.find(self._containers.values(), video_id)
            self._changed_s = max(int(self._clock()), self._changed_s + 1)
            at = at or datetime.fromtimestamp(self._changed_s, UTC)
            marker: Answer = {
                "type": "watch_marker",
                "video_id": video_id,
                "container_id": of.id,
                "episode": made.number or 1,
                "duration": made.duration_s,
                "timestamp": at.isoformat().replace("+00:00", "Z"),
                "state": "normal",
                "watch_marker": seconds,
            }
            if made.credits_s is not None:
                marker["credits_marker"] = made.credits_s
            self._markers[video_id] = (self._changed_s, marker)
            self._listed.pop(of.id, None)
            self._listed[of.id] = None

    def watch_all(self, container_id: str, at: datetime | None = None) -> None:
        """Every episode, to its end."""
        for each in self._containers[container_id].videos:
            if each.duration_s and each.number and each.type in ("episode", "movie"):
                self.watch(each.id, each.duration_s - 10, at)

    def keep(self, container_id: str) -> None:
        """Put it on the list, and among what is kept for later, without watching any of it."""
        with self._lock:
            self._listed.setdefault(container_id)
            self._later.setdefault(container_id)

    def saved_page(self, since_s: int = 1) -> bytes:
        """What a signed-in browser shows of the watch markers, and saves."""
        with self._lock:
            return self._all_markers(since_s).body

    def answer(self, request: Request) -> Reply:
        pairs = parse_qsl(request.raw_query, keep_blank_values=True)
        shown = urlencode([(name, value) for name, value in pairs if name not in SECRET])
        with self._lock:
            self.requests.append(f"{request.path}{'?' if shown else ''}{shown}")
            trouble = (self.troubles.popleft() if self.troubles else None) or self.trouble
            if trouble:
                return trouble
            if request.path.startswith("/v4/"):
                return self._of_api(request.path.removeprefix("/v4"), dict(pairs))
            return self._of_site(request)

    def _of_site(self, request: Request) -> Reply:
        renewed = self._known_session(request.headers.get("Cookie", ""))
        if renewed is None:
            return SIGNED_OUT
        match request.path:
            case "/api/users/current":
                answer = reply({"id": self.user_id, "username": self.user_name, "email": None})
            case "/api/vw_watch_markers":
                answer = self._all_markers(int(request.query.get("from") or 0))
            case _:
                return GONE
        return Reply(answer.status, answer.body, JSON, renewed)

    def _known_session(self, header: str) -> dict[str, str] | None:
        """What its answer carries besides; None: nobody is signed in by these cookies."""
        cookies = SimpleCookie(header)
        one, other = (cookies.get(name) for name in ("session__id", "_viki_session"))
        if not one or not other or one.value not in self._sessions:
            return None
        expected, used_at = self._sessions[one.value]
        if other.value != expected or self._clock() - used_at > self.idle_s:
            return None
        following = secrets.token_hex(16) if self.rolling else expected
        self._sessions[one.value] = (following, self._clock())
        rolled = f"_viki_session={following}; path=/; HttpOnly"
        return {"Set-Cookie": rolled} if self.rolling else {}

    def _all_markers(self, since_s: int) -> Reply:
        fresh = sorted((s, video_id) for video_id, (s, _) in self._markers.items() if s > since_s)
        some = fresh[: self.markers_per_page]
        found: dict[str, Answer] = {}
        for _, video_id in some:
            marker = self._markers[video_id][1]
            found.setdefault(marker["container_id"], {})[video_id] = self._shown(marker)
        more = len(some) < len(fresh)
        till_s = some[-1][0] if more else max(int(self._clock()), self._changed_s)
        return reply(
            {"updated_till": till_s, "count": len(some), "more": more, "markers": found}
        )  # fmt: skip

    def _shown(self, marker: Answer) -> Answer | int:
        video_id, shown = marker["video_id"], dict(marker)
        if video_id in self.bare:
            return int(marker["watch_marker"])
        if video_id in self.without_position:
            del shown["watch_marker"]
        if video_id in self.without_credits:
            shown.pop("credits_marker", None)
        return shown

    def _of_api(self, path: str, query: dict[str, str]) -> Reply:
        if query.get("app") not in self.app_ids:
            return WRONG_APP
        if found := re.fullmatch(r"/users/(\w+)/(watchlist|watchlaters)\.json", path):
            return self._of_user(found[1], found[2], query)
        if found := re.fullmatch(r"/containers/(\w+)(/episodes)?\.json", path):
            made = self._containers.get(found[1])
            if made and found[2]:
                return self._page([told.video(each, made) for each in made.videos], query)
            return reply(told.container(made)) if made else GONE
        return GONE

    def _of_user(self, user_id: str, what: str, query: dict[str, str]) -> Reply:
        if query.get("token") not in self._tokens or user_id != self.user_id:
            return WRONG_TOKEN
        if what == "watchlaters":
            return self._page(list(self._later), query)
        return self._page([self._on_list(each) for each in reversed(self._listed)], query)

    def _on_list(self, container_id: str) -> Answer:
        made = self._containers[container_id]
        seen = [self._markers[each.id] for each in made.videos if each.id in self._markers]
        last = max(seen, key=lambda one: one[0])[1] if seen else None
        return told.container(made) | {
            "last_watched": last
            and {
                "id": last["video_id"],
                "number": last["episode"],
                "duration": last["duration"],
                "updated_at": last["timestamp"],
            }
        }

    def _page(self, everything: Sequence[Any], query: dict[str, str]) -> Reply:
        size = min(int(query.get("per_page") or 10), self.most_per_page)
        number = int(query.get("page") or 1)
        some = everything[(number - 1) * size : number * size]
        answer: Answer = {"response": some}
        if self.says_more:
            answer["more"] = number * size < len(everything)
        return reply(answer)
