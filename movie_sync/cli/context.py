"""What every command knows: where home is, the settings, the credentials."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from movie_sync.errors import Busy

if TYPE_CHECKING:
    from movie_sync.config import Loaded
    from movie_sync.credentials import Credentials
    from movie_sync.log import Redactor


@dataclass
class Context:
    """Handed to each command by click. Nothing is read before it is asked for."""

    home_option: str | None
    config_path: Path | None
    environ: Mapping[str, str]
    overrides: dict[str, object] = field(default_factory=dict)
    strict: bool = False

    @cached_property
    def home(self) -> Path:
        from movie_sync.config import home_folder
        from movie_sync.restore_swap import is_unfinished

        home = home_folder(self.home_option, self.environ)
        if is_unfinished(home):  # and must be finished before any file of it is read
            from movie_sync.instance import owned

            with suppress(Busy), owned(home):
                pass
        return home

    @cached_property
    def redactor(self) -> "Redactor":
        from movie_sync.log import Redactor

        return Redactor()

    def loaded(self) -> "Loaded":
        """The settings; with --strict only if nothing is wrong with them."""
        return self._loaded

    def read_again(self) -> "Loaded":
        """The settings as they stand now; they may have been changed since the start."""
        self.__dict__.pop("_loaded", None)
        return self._loaded

    def credentials(self) -> "Credentials":
        return self._credentials

    @cached_property
    def _loaded(self) -> "Loaded":
        from movie_sync import config

        loaded = config.load(self.home, self.environ, self.overrides, self.config_path)
        if self.strict:
            config.require_strict(loaded)
        return loaded

    @cached_property
    def _credentials(self) -> "Credentials":
        from movie_sync.credentials import Credentials

        return Credentials(self.home, self.environ, self.redactor.add)


pass_context = click.make_pass_decorator(Context)
