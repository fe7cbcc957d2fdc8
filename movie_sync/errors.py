"""Errors, each named for what the caller should do next.

    MovieSyncError
      ConfigError      tell the person which setting to change
      ServiceError     something outside this program failed us
        Unavailable    try again later, by ourselves
          Unsure       look first whether it was done, for it may have been
        Blocked        it answers, but not to us: keep the last good data, and wait long
        NotAuthorised  stop, and ask a person for new credentials
          LoggedOut    log in again: what we were given is of no use any more
        Refused        never send this same request again
          NotFound     it is not there
          Full         make room there, or pay for more
        BadAnswer      its format changed, and we must follow
      FilesError       look at the disk
        Away           mount the drive: what was known of it stays known
      QueueError       look at the queue files
        NotQueued      say another name: no item has this one
      Busy             another Movie Sync owns this home
      Stopping         the program ends: leave everything as it is

A message says what happened, what was kept and what to do, in one sentence, without secrets.
"""


class MovieSyncError(Exception):
    """Base of every error this program raises on purpose."""


class ConfigError(MovieSyncError):
    """A setting is wrong or missing; the message names it."""


class ServiceError(MovieSyncError):
    """A named service outside this program failed us."""

    def __init__(self, service: str, message: str) -> None:
        super().__init__(f"{service}: {message}")
        self.service = service
        self.message = message


class Unavailable(ServiceError):
    """Down, slow or rate limiting; `retry_after_s` is its own wish, in seconds, if it gave one."""

    def __init__(self, service: str, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(service, message)
        self.retry_after_s = retry_after_s


class Unsure(Unavailable):
    """What was to be changed there may have been, or not: the answer was lost."""


class Blocked(ServiceError):
    """It answers others, but not us: a challenge page, a ban, a closed region."""


class NotAuthorised(ServiceError):
    """Credentials missing, wrong or expired."""


class LoggedOut(NotAuthorised):
    """Nobody is logged in, or not any more; the program's own credentials may be good."""


class Refused(ServiceError):
    """The service understood, and said no for good."""


class NotFound(Refused):
    """What was asked for is not there."""


class Full(Refused):
    """An account there holds as much as it may."""


class BadAnswer(ServiceError):
    """The answer was not of the documented form."""


class FilesError(MovieSyncError):
    """A file of the person's could not be read, placed or removed; it is as it was."""


class Away(FilesError):
    """A folder that was there is not now, as its drive is not mounted; nothing in it is gone."""


class QueueError(MovieSyncError):
    """A queue file cannot be read or written; nothing in it was changed."""


class NotQueued(QueueError):
    """No item has this id or title, or more than one."""


class Busy(MovieSyncError):
    """Another process owns this home folder; the message says which."""


class Stopping(MovieSyncError):
    """The program was asked to end while this waited; nothing was asked or changed."""
