"""Log lines: to the terminal, the journal or as JSON, and to a file; no secret in any of them.

A line is what a person reads: level and sentence, one line an event. A `Redactor` knows the
secrets that were read and blanks them in the finished line, a traceback included. Logging is the
standard library's, and so is its state; `opened` puts it back as it was.
"""

import base64
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

from movie_sync import log_about

FILE = "movie_sync.log"
FILE_BYTES = 2 * 1024**2
FILES_KEPT = 3
SHORTEST_SECRET = 4  # a shorter one would blank half of every line
HIDDEN = "***"
# sd-daemon(3): a line that begins so has this priority in the journal.
PRIORITIES = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3}
WORD = re.compile("[A-Za-z0-9+/]+=*")
UNPRINTABLE = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if code != 9}
# Marks that turn the direction of writing, and ends of lines and paragraphs.
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
UNPRINTABLE |= {code: f"\\u{code:04x}" for code in _TURNING}

log = logging.getLogger(__name__)


class Redactor:
    """Blanks secrets in text, whichever way a URL, header or quotation spells them."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._lock = threading.Lock()
        self._spelt = self._encoded = re.compile("(?!)")

    def add(self, secret: str) -> None:
        """Blank this from now on. Safe from several threads."""
        with self._lock:
            if len(secret) < SHORTEST_SECRET or secret in self._secrets:
                return
            self._secrets.add(secret)
            self._spelt = _any_of(one for known in self._secrets for one in _spellings(known))
            self._encoded = _any_of(one for known in self._secrets for one in _encodings(known))

    def clean(self, text: str) -> str:
        text = self._spelt.sub(HIDDEN, text)
        encoded = self._encoded
        if encoded.search(text):
            # The whole word is blanked, for its edges hold bits of the secret too.
            return WORD.sub(lambda word: HIDDEN if encoded.search(word[0]) else word[0], text)
        return text


class PlainFormatter(logging.Formatter):
    """`INFO    letterboxd: 2 new`, with the time in front where nobody else notes it."""

    def __init__(self, redactor: Redactor, *, with_time: bool, for_journal: bool = False) -> None:
        time = "%(asctime)s " if with_time else ""
        super().__init__(f"{time}%(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")
        self._redactor, self._for_journal = redactor, for_journal

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        record.message = record.message.translate(UNPRINTABLE)
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        lines = self._redactor.clean(super().format(record)).split("\n")
        before = f"<{PRIORITIES.get(record.levelno, 6)}>" if self._for_journal else ""
        printable = (line.translate(UNPRINTABLE) for line in lines)
        return "\n".join(before + line for line in printable)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, the request or item that it is about,
    and the traceback if there is one."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__()
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        facts = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._redactor.clean(record.getMessage()),
            **{name: self._redactor.clean(value) for name, value in log_about.told().items()},
        }
        if record.exc_info:
            facts["traceback"] = self._redactor.clean(self.formatException(record.exc_info))
        return json.dumps(facts)


class _PrivateFile(RotatingFileHandler):
    """A log file for its owner alone; a full disk silences it and does not stop the program."""

    def _open(self) -> Any:
        # A file name that is not text is written with escapes rather than not at all.
        return open(
            self.baseFilename,
            self.mode,
            encoding=self.encoding,
            errors="backslashreplace",
            opener=_open_private,
        )

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        # The library's own report repeats the arguments of the line, secrets included.
        pass


class _Terminal(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        pass


@contextmanager
def opened(
    home: Path | None,
    redactor: Redactor,
    *,
    level: str = "info",
    as_json: bool = False,
    stream: TextIO | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Iterator[None]:
    """Write our lines, and the warnings of libraries, to `stream` and to a file in `home`.

    Args:
        home: None writes no file.
        level: least level of our own lines: debug, info, warning or error.
        stream: standard error unless another is given.
    """
    stream = stream or sys.stderr
    root, ours = logging.getLogger(), logging.getLogger("movie_sync")
    before = (root.level, ours.level)
    terminal = _Terminal(stream)
    terminal.setFormatter(_terminal_format(redactor, stream, environ, as_json=as_json))
    handlers: list[logging.Handler] = [terminal]
    root.addHandler(terminal)
    root.setLevel(logging.WARNING)
    ours.setLevel(level.upper())
    if home:
        handlers += _file_handler(home / FILE, redactor)
    try:
        yield
    finally:
        root.setLevel(before[0])
        ours.setLevel(before[1])
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()


def _file_handler(path: Path, redactor: Redactor) -> list[logging.Handler]:
    try:
        handler = _PrivateFile(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
    except OSError as error:
        log.warning("log: %s cannot be written (%s); lines go here alone", path, error.strerror)
        return []
    handler.setFormatter(PlainFormatter(redactor, with_time=True))
    logging.getLogger().addHandler(handler)
    return [handler]


def _terminal_format(
    redactor: Redactor, stream: TextIO, environ: Mapping[str, str], *, as_json: bool
) -> logging.Formatter:
    if as_json:
        return JsonFormatter(redactor)
    journal = _is_journal(stream, environ)
    return PlainFormatter(redactor, with_time=not journal, for_journal=journal)


def _is_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether systemd's journal reads this stream; its variable outlives a redirection."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    # The longest first, so that no spelling leaves over a part of a longer one.
    return re.compile("|".join(sorted(set(patterns), key=len, reverse=True)) or "(?!)")


def _spellings(secret: str) -> Iterator[str]:
    """Patterns for a secret as it is, quoted, and in a URL."""
    quotations = (repr(secret), json.dumps(secret), json.dumps(secret, ensure_ascii=False))
    yield from map(re.escape, (secret, *(one[1:-1] for one in quotations)))
    for quoted in (quote(secret), quote(secret, safe=""), quote_plus(secret)):
        # The hexadecimal digits behind a % may be of either case.
        yield re.sub(r"%\w\w", lambda found: f"(?i:{found[0]})", re.escape(quoted))


def _encodings(secret: str) -> Iterator[str]:
    """Patterns for the middle of a secret within base64, as in a Basic login.

    Three bytes are four letters, so what stands before it gives three alignments; letters that
    share bits with what is around it are left out.
    """
    data = secret.encode()
    for shift, first in enumerate((0, 2, 3)):
        word = base64.b64encode(bytes(shift) + data).decode().rstrip("=")
        inner = word[first : len(word) - bool((len(data) + shift) % 3)]
        if len(inner) >= SHORTEST_SECRET:
            yield re.escape(inner)
