"""Passwords and passkeys: asked of the environment, of systemd, then of an encrypted vault.

The vault is `credentials.enc` (Fernet) with its key beside it in `.key`, both for their owner
alone. That keeps secrets out of backups of one file and out of sight, no more: who can read both
files can read the secrets. Nothing is made, and no cryptography loaded, until one is stored.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from movie_sync import atomic, config_names
from movie_sync.config_keys import PLACEHOLDER, nearest, variable
from movie_sync.errors import ConfigError, FilesError
from movie_sync.settings import Config
from movie_sync.turns import alone_with

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

VAULT = "credentials.enc"
KEY = ".key"
KNOWN = {
    "filelist.passkey": "FileList shows it on your profile page, near Reset passkey.",
    "qbittorrent.password": "You chose it in qBittorrent under Options, Web UI.",
    "radarr.api_key": "Radarr shows it under Settings, General.",
    "tmdb.api_key": "TMDB shows it in your account's settings, under API.",
    "notify.webhook": "The address that notices are posted to, as JSON.",
    "notify.webhook_secret": "You choose it: notices to the webhook are then signed with it.",
    "notify.ntfy": "The address of your ntfy topic: https://ntfy.sh/a_name_that_nobody_guesses.",
    "notify.ntfy_token": "ntfy shows it under Account, Access tokens; for a protected topic.",
    "notify.apprise": "Addresses as Apprise has them, with blanks between: tgram://... mailto://...",
    "plex.token": "support.plex.tv tells how to find it: Finding an authentication token.",
    "jellyfin.api_key": "Jellyfin and Emby make one under Dashboard, API Keys.",
    "database.password": "Whoever set up PostgreSQL chose it; only with database_url.",
    "kodi.password": "You chose it in Kodi under Settings, Services, Control.",
    "trakt.client_secret": "Trakt shows it with your application: Settings, Your API Apps.",
    "history.webhook_secret": "You choose it, or the page does: it ends the address of webhooks.",
    "tvdb.api_key": "TheTVDB gives one to whoever asks: thetvdb.com, Dashboard, API Keys.",
    "tvdb.pin": "Subscribers of TheTVDB find it under Dashboard, Account, Subscription.",
    "viki.login": "The cookies of your browser at www.viki.com: session__id and _viki_session.",
}
# Each Torznab indexer has one of its own, so there are as many as a person named indexers.
IN_TORZNAB = (
    "Prowlarr shows it under Settings, General, Jackett on top of its page, a tracker in your "
    "profile there."
)
OF_TORZNAB = re.compile(r"torznab\.[A-Za-z0-9_-]+\.api_key")
# As has each Sonarr.
IN_SONARR = "Sonarr shows it under Settings, General, Security."
OF_SONARR = re.compile(r"sonarr\.[A-Za-z0-9_-]+\.api_key")


class Credentials:
    """The secrets of one home folder; each that is read is told to `heard`, which hides it."""

    def __init__(
        self,
        home: Path,
        environ: Mapping[str, str],
        heard: Callable[[str], object] = lambda secret: None,
    ) -> None:
        self._vault, self._key = home / VAULT, home / KEY
        self._environ, self._heard = environ, heard

    def get(self, name: str) -> str | None:
        """The secret, or None where nobody gave it.

        Raises:
            ConfigError: a place that should hold it cannot be read; the message says which.
        """
        outside = self._outside(name)
        secret = outside[0] if outside else self._read().get(name)
        if secret:
            self._heard(secret)
        return secret

    def names(self, asked: Iterable[str] = KNOWN) -> list[tuple[str, str]]:
        """Each secret that is there, and where it is from: a variable, systemd or the vault."""
        stored = self._read()
        found = []
        for name in sorted({*asked, *stored}):
            outside = self._outside(name)
            if outside or name in stored:
                found.append((name, outside[1] if outside else VAULT))
        return found

    def set(self, name: str, secret: str) -> None:
        """Store a secret in the vault.

        Raises:
            ConfigError: the name is not known, the secret is empty or of more than one line, or
                the vault cannot be opened; nothing was changed.
            FilesError: it cannot be written; nothing was changed.
        """
        self.require_known(name)
        secret = secret.strip()
        if not secret or not secret.isprintable():
            raise ConfigError(f"{name} must be one line of text; nothing was changed")
        self.keep(name, secret)

    def remove(self, name: str) -> bool:
        """Forget a secret of the vault; False where the vault has none of this name."""
        return self._change(name, None)

    def kept(self, name: str) -> str | None:
        """What the program itself keeps by this name in the vault, whatever stands elsewhere."""
        return self._read().get(name)

    def keep(self, name: str, secret: str) -> None:
        """Store what the program itself was given, as the tokens of a login. Raises as `set`."""
        self.hide(secret)
        self._change(name, secret)

    def hide(self, secret: str) -> None:
        """Have it hidden as a secret that is read: a part of one, say."""
        self._heard(secret)

    def trying(self, name: str, secret: str) -> "Credentials":
        """The same with another secret, which is stored nowhere."""
        environ = {**self._environ, variable(name): secret}
        return Credentials(self._vault.parent, environ, self._heard)

    def heard_by(self, heard: Callable[[str], object]) -> "Credentials":
        """The same, with each secret that is read told to somebody else."""
        return Credentials(self._vault.parent, self._environ, heard)

    def require_known(self, name: str) -> None:
        """Raises ConfigError: no part of this program asks for such a credential."""
        if not where(name):
            known = [*KNOWN, of_torznab(PLACEHOLDER), of_sonarr(PLACEHOLDER)]
            of_one = re.fullmatch(r"((?:torznab|sonarr)\.[A-Za-z0-9_-]+)\..*", name)
            guess = f"{of_one[1]}.api_key" if of_one else nearest(name, known)
            meant = f'; did you mean "{guess}"?' if guess else f"; known are {', '.join(known)}"
            raise ConfigError(f'there is no credential "{name}"{meant}')

    def damage(self) -> str | None:
        """Why the vault cannot be opened, as a sentence; None where it can, or is not there."""
        try:
            self._read()
        except ConfigError as error:
            return str(error)
        return None

    def set_aside(self, now: datetime) -> Path:
        """Begin anew; the vault gets this new name, with its key beside it, for later mending."""
        suffix = f".{now:%Y%m%d-%H%M%S}"
        try:
            for path in (self._vault, self._key):
                if path.exists():
                    path.rename(path.with_name(path.name + suffix))
        except OSError as error:
            raise FilesError(f"{self._vault} cannot be renamed ({error.strerror})") from error
        return self._vault.with_name(VAULT + suffix)

    def _outside(self, name: str) -> tuple[str, str] | None:
        """What the environment or systemd give, and how they do."""
        others = [other for other, known in config_names.SECRETS.items() if known == name]
        for plain in (variable(name), *others):
            if secret := self._environ.get(plain, "").strip():
                return secret, plain
            if path := self._environ.get(f"{plain}_FILE"):
                return _read_secret(Path(path), f"{plain}_FILE"), f"{plain}_FILE"
        folder = self._environ.get("CREDENTIALS_DIRECTORY")
        if folder and (Path(folder) / name).exists():
            return _read_secret(Path(folder) / name, "systemd"), "systemd"
        return None

    def _read(self) -> dict[str, str]:
        if not self._vault.exists():
            return {}
        fernet = self._fernet()
        from cryptography.fernet import InvalidToken

        try:
            plain = fernet.decrypt(self._vault.read_bytes())
            return msgspec.json.decode(plain, type=dict[str, str])
        except OSError as error:
            raise ConfigError(f"{self._vault} cannot be read ({error.strerror})") from error
        except (InvalidToken, msgspec.MsgspecError):
            raise ConfigError(self._locked(f"does not open with {KEY}")) from None

    def _change(self, name: str, secret: str | None) -> bool:
        """Nobody changes another one meanwhile, or it would be lost. False: there is none."""
        if secret is None and not self._vault.exists():
            return False
        try:
            with alone_with(self._vault):
                stored = self._read()
                if secret is None and name not in stored:
                    return False
                others = {other: kept for other, kept in stored.items() if other != name}
                self._write(others if secret is None else others | {name: secret})
                return True
        except OSError as error:
            message = f"{self._vault} cannot be written ({error.strerror}); it is as it was"
            raise FilesError(message) from error

    def _fernet(self) -> "Fernet":
        from cryptography.fernet import Fernet

        try:
            return Fernet(self._key.read_bytes().strip())
        except FileNotFoundError:
            raise ConfigError(self._locked(f"cannot be opened: {KEY} is missing")) from None
        except OSError as error:
            raise ConfigError(f"{self._key} cannot be read ({error.strerror})") from error
        except ValueError:
            raise ConfigError(self._locked(f"cannot be opened: {KEY} is damaged")) from None

    def _locked(self, how: str) -> str:
        return (
            f"{self._vault} {how}; nothing was changed; restore both files from a backup, "
            'or begin anew with "credentials set NAME --anew"'
        )

    def _write(self, secrets: dict[str, str]) -> None:
        from cryptography.fernet import Fernet

        try:
            # A key without a vault does no harm, the reverse does; and the key that is there may
            # belong to a vault that somebody is about to put back.
            if not self._key.exists():
                atomic.write(self._key, [Fernet.generate_key()])
            token = self._fernet().encrypt(msgspec.json.encode(secrets))
            atomic.write(self._vault, [token])
        except OSError as error:
            message = f"{self._vault} cannot be written ({error.strerror}); it is as it was"
            raise FilesError(message) from error


def where(name: str) -> str:
    """Where a person finds this secret, as a sentence; empty where nobody asks for it."""
    if OF_SONARR.fullmatch(name):
        return IN_SONARR
    return KNOWN.get(name) or (IN_TORZNAB if OF_TORZNAB.fullmatch(name) else "")


def of_torznab(name: str) -> str:
    """The credential of a Torznab indexer."""
    return f"torznab.{name}.api_key"


def of_sonarr(name: str) -> str:
    """The credential of a Sonarr."""
    return f"sonarr.{name}.api_key"


def asked(config: Config) -> list[str]:
    """The secrets that a program with these settings asks for, wherever one is of use."""
    return [*KNOWN, *map(of_torznab, config.torznab), *map(of_sonarr, config.sonarr)]


def is_variable(name: str) -> bool:
    """Whether an environment variable holds a secret of a Torznab indexer or a Sonarr."""
    parted = (variable(of("\0")).split("\0") for of in (of_torznab, of_sonarr))
    return any(name.startswith(start) and name.endswith(end) for start, end in parted)


def needed(config: Config) -> list[str]:
    """The secrets without which a service that is switched on cannot work."""
    names = []
    if config.filelist.enabled and config.filelist.username:
        names.append("filelist.passkey")
    if config.torrent_client == "qbittorrent":
        names.append("qbittorrent.password")
    if config.shows.enabled and not config.shows.dry_run:
        names += [of_sonarr(name) for name, one in config.sonarr.items() if one.enabled]
    return names


def _read_secret(path: Path, origin: str) -> str:
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(f"{origin} names {path}, which cannot be read ({reason})") from None
    if not secret:
        raise ConfigError(f"{origin} names {path}, which is empty")
    return secret
