"""The login of the Trakt on 127.0.0.1: codes for devices and pages, tokens that run out, refresh
tokens that are good for one use.

A refresh token that is used again is written down in `reused`, whatever becomes of it.
"""

import base64
import hashlib
import secrets
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

Facts = dict[str, Any]
Said = tuple[int, Facts | None]  # status, and what is said in JSON

WORDS = "the provided authorization grant is invalid, expired or revoked"
INVALID: Said = (400, {"error": "invalid_grant", "error_description": WORDS})


class TraktGate:
    """For any number of threads.

    Args:
        clock: Unix seconds.
        grace: whether a used refresh token is taken again until the new access token was used.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        *,
        client_id: str,
        secret: str | None,
        redirect_uri: str,
        grace: Literal["none", "until_used"] = "none",
    ) -> None:
        self.clock, self.grace = clock, grace
        self.client_id, self.secret, self.redirect_uri = client_id, secret, redirect_uri
        self.lives_s, self.device_lives_s, self.interval_s = 7 * 86_400, 600, 5
        self.device_says: list[int] = []  # statuses of the next polls, whatever is true
        self.rotations = 0
        self.reused: list[str] = []
        self.refreshes: Counter[str] = Counter()  # how often each refresh token was shown
        self._access: dict[str, float] = {}  # token -> its end
        self._refresh: dict[str, str] = {}  # good refresh token -> its access token
        self._used: dict[str, str] = {}  # used refresh token -> the access token it gave
        self._devices: dict[str, Facts] = {}
        self._codes: dict[str, Facts] = {}
        self._lock = threading.RLock()

    def is_good(self, access: str) -> bool:
        """Whether it opens now. Its first use ends the grace of the refresh token before."""
        with self._lock:
            if self._access.get(access, 0.0) <= self.clock():
                return False
            self._used = {old: given for old, given in self._used.items() if given != access}
            return True

    def grant(self) -> Facts:
        """New tokens, as for somebody who just logged in."""
        with self._lock:
            access, refresh = secrets.token_hex(32), secrets.token_hex(32)
            self._access[access] = self.clock() + self.lives_s
            self._refresh[refresh] = access
            return {
                "access_token": access, "token_type": "bearer", "expires_in": self.lives_s,
                "refresh_token": refresh, "scope": "public", "created_at": int(self.clock()),
            }  # fmt: skip

    def expire(self) -> None:
        """End every access token now; refresh tokens stay good."""
        with self._lock:
            self._access = dict.fromkeys(self._access, 0.0)

    def log_out(self) -> None:
        """As if the person had disconnected the program."""
        with self._lock:
            self._access, self._refresh, self._used = {}, {}, {}

    def approve(self, user_code: str, *, deny: bool = False) -> None:
        """What the person says who typed a code."""
        with self._lock:
            for device in self._devices.values():
                if device["user_code"] == user_code:
                    device["said"] = 418 if deny else 200

    def code(self, challenge: str = "") -> str:
        """The code that Trakt gives a person who said yes on its page."""
        with self._lock:
            code = secrets.token_hex(16)
            self._codes[code] = {"challenge": challenge, "ends_at": self.clock() + 600}
            return code

    def begin_device(self, body: Facts) -> Said:
        if body.get("client_id") != self.client_id:
            return 403, None
        with self._lock:
            code, user_code = secrets.token_hex(32), secrets.token_hex(4).upper()
            ends_at = self.clock() + self.device_lives_s
            self._devices[code] = {"user_code": user_code, "ends_at": ends_at, "said": 400}
            return 200, {
                "device_code": code, "user_code": user_code, "expires_in": self.device_lives_s,
                "interval": self.interval_s,
            }  # fmt: skip

    def poll_device(self, body: Facts) -> Said:
        with self._lock:
            if self.device_says and (status := self.device_says.pop(0)) != 200:
                return status, None
            device = self._devices.get(body.get("code", ""))
            return (404, None) if device is None else self._of_device(device, body)

    def token(self, body: Facts) -> Said:
        """A code or a refresh token for tokens."""
        if body.get("client_id") != self.client_id:
            return 401, {"error": "invalid_client"}
        if body.get("redirect_uri") != self.redirect_uri:
            return INVALID
        with self._lock:
            if body.get("grant_type") == "authorization_code":
                return self._of_code(body)
            if not self._is_ours(body):
                return 401, {"error": "invalid_client"}
            return self._of_refresh(body.get("refresh_token", ""))

    def revoke(self, body: Facts) -> Said:
        with self._lock:
            access = body.get("token", "")
            self._access.pop(access, None)
            self._refresh = {r: a for r, a in self._refresh.items() if a != access}
            return 200, {}

    def _of_device(self, device: Facts, body: Facts) -> Said:
        now, before = self.clock(), device.get("asked_at", float("-inf"))
        device["asked_at"] = now
        if now >= device["ends_at"]:
            return 410, None
        if now - before < self.interval_s:
            return 429, None
        if device["said"] != 200:
            return device["said"], None
        if not self._is_ours(body):
            return 401, {"error": "invalid_client"}
        device["said"] = 409
        return 200, self.grant()

    def _of_code(self, body: Facts) -> Said:
        known = self._codes.pop(body.get("code", ""), None)
        if known is None or known["ends_at"] <= self.clock():
            return INVALID
        digest = hashlib.sha256(body.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        proven = bool(known["challenge"]) and shown == known["challenge"]
        if known["challenge"] and not proven:
            return INVALID
        return (200, self.grant()) if proven or self._is_ours(body) else INVALID

    def _of_refresh(self, refresh: str) -> Said:
        self.refreshes[refresh] += 1
        if self.refreshes[refresh] > 1:
            self.reused.append(refresh)
        access = self._refresh.pop(refresh, None)
        if access is None and (self.grace == "none" or refresh not in self._used):
            return INVALID
        new = self.grant()
        self._used[refresh] = new["access_token"]
        self.rotations += 1
        return 200, new

    def _is_ours(self, body: Facts) -> bool:
        return self.secret is None or body.get("client_secret") == self.secret
