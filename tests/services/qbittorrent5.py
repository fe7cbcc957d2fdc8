"""The Web API of qBittorrent 5.2 and later, as far as it differs from 4.x, over real sockets.

Source: https://github.com/qbittorrent/qBittorrent/wiki/WebUI-API-(qBittorrent-5.0), and what 5.3.0
answers.
"""

import json
from collections import Counter
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from movie_sync import torrents
from movie_sync.errors import BadAnswer

USERNAME, PASSWORD = "alice", "correct horse 7"


class FakeQBittorrent5:
    """`rows` are its torrents by hash; a test changes them, and whatever else stands here."""

    def __init__(self, server: HTTPServer) -> None:
        self.url = server.url_for("").rstrip("/")
        self.cookie = f"QBT_SID_{server.port}"
        self.session = "one"
        self.banned = False
        self.requests: Counter[str] = Counter()
        self.forms: list[dict[str, str]] = []  # of what was added
        self.rows: dict[str, dict[str, Any]] = {}
        self.files: list[dict[str, Any]] | None = []  # None: the torrent is gone
        self.add_answer: tuple[int, object] | None = None  # instead of adding
        self.trouble: Response | None = None  # instead of any answer
        self.unseen_looks = 0  # so often a torrent is not listed yet
        server.expect_request("/").respond_with_data("qBittorrent")
        server.expect_request("/api/v2/auth/login", method="POST").respond_with_handler(self._login)
        for method, answer in {
            "app/version": lambda request: Response("v5.3.0"),
            "app/webapiVersion": lambda request: Response("2.16.0"),
            "torrents/info": self._info,
            "torrents/add": self._add,
            "torrents/addTags": self._tags,
            "torrents/files": self._files,
            "torrents/delete": self._delete,
        }.items():
            server.expect_request(f"/api/v2/{method}").respond_with_handler(
                lambda request, method=method, answer=answer: self._guarded(request, method, answer)
            )

    def add_row(self, handle: str, **changes: Any) -> None:
        self.rows[handle] = {
            "hash": handle,
            "infohash_v1": handle,
            "name": "Film 1",
            "state": "downloading",
            "progress": 0.5,
            "save_path": "/downloads",
            "category": "movie_sync",
            "tags": "",
            "size": 1000,
            "eta": 8_640_000,
            "ratio": 0,
        } | changes

    def _guarded(self, request: Request, method: str, answer: Any) -> Response:
        self.requests[method] += 1
        if self.trouble:
            return self.trouble
        if request.cookies.get(self.cookie) != self.session:
            return Response("Forbidden", 403)
        response: Response = answer(request)
        return response

    def _login(self, request: Request) -> Response:
        self.requests["login"] += 1
        if self.banned:
            return Response("Your IP address has been banned", 403)
        if (request.form["username"], request.form["password"]) != (USERNAME, PASSWORD):
            return Response("Unauthorized", 401)
        answer = Response(status=204)
        answer.set_cookie(self.cookie, self.session, httponly=True, samesite="Strict")
        return answer

    def _info(self, request: Request) -> Response:
        if self.unseen_looks and self.rows:
            self.unseen_looks -= 1
            return _json([])
        hashes = request.form["hashes"].split("|") if "hashes" in request.form else None
        return _json(
            [
                row
                for handle, row in self.rows.items()
                if (hashes is None or handle in hashes)
                and row["category"] == request.form.get("category", row["category"])
            ]
        )

    def _add(self, request: Request) -> Response:
        self.forms.append(dict(request.form))
        (upload,) = request.files.values()
        try:
            handle = torrents.read(upload.read()).handle
        except BadAnswer:
            return Response("Error: 'torrent__0' is not a valid torrent file.", 415)
        if self.add_answer:
            status, body = self.add_answer
            return _json(body, status)
        if handle in self.rows:
            return Response("Conflict", 409)
        self.add_row(handle, category=request.form["category"], save_path=request.form["savepath"])
        counts = {"success_count": 1, "pending_count": 0, "failure_count": 0}
        return _json({"added_torrent_ids": [handle], **counts})

    def _tags(self, request: Request) -> Response:
        self.rows[request.form["hashes"]]["tags"] = request.form["tags"]
        return Response(status=204)

    def _files(self, request: Request) -> Response:
        return Response("Not Found", 404) if self.files is None else _json(self.files)

    def _delete(self, request: Request) -> Response:
        self.rows.pop(request.form["hashes"], None)
        return Response(status=204)


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
