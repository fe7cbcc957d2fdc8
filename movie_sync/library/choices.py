"""What people have decided of files and folders, as identifying needs it.

A choice is bound to the path and to the content of a file, so that it holds when the file is
renamed, moved, or found again by another source; a rule is bound to a folder, and the innermost
one counts.
"""

from collections.abc import Iterable

from movie_sync.library.match_store import MatchStore
from movie_sync.library.rows import ChoiceRow
from movie_sync.library.verdicts import Known, Rule
from movie_sync.library_models import Kind

MATCH, IGNORE, SPLIT, MERGE = "match", "ignore", "split", "merge"
TRUST = "trust"
OF_FILES = (MATCH, IGNORE, SPLIT)
FOREVER = 1_000_000  # choices; nobody makes as many


class Choices:
    """As they are now; made anew for every pass."""

    def __init__(self, rows: Iterable[ChoiceRow]) -> None:
        self._rules: dict[str, Rule] = {}
        self._of_path: dict[object, ChoiceRow] = {}
        self._of_content: dict[object, ChoiceRow] = {}
        for row in sorted(rows, key=lambda row: row.id):
            folder = row.data.get("folder")
            if isinstance(folder, str):
                self._rules[folder] = rule_of(row)
            if row.kind in OF_FILES:
                for file in row.data.get("files", ()):  # type: ignore[attr-defined]
                    self._of_path[file["path"]] = row
                    self._of_content[file["content"]] = row

    def rule(self, path: str) -> Rule | None:
        """Of the innermost folder that has one."""
        held = [folder for folder in self._rules if path.startswith(folder)]
        return self._rules[max(held, key=len)] if held else None

    def of_file(self, path: str | None, content: str | None) -> ChoiceRow | None:
        """The newest that a person made of this file, wherever it was then."""
        by_path = self._of_path.get(path) if path else None
        by_content = self._of_content.get(content) if content else None
        found = [row for row in (by_path, by_content) if row]
        return max(found, key=lambda row: row.id) if found else None

    def denies(self, path: str | None, content: str | None, title_id: int | None) -> bool:
        """Whether a person has said that the file is not of this title."""
        row = self.of_file(path, content)
        return row is not None and row.kind == SPLIT and row.data.get("title_id") == title_id


def read(store: MatchStore) -> Choices:
    return Choices(store.choices(limit=FOREVER))


def rule_of(row: ChoiceRow) -> Rule:
    if row.kind == TRUST:
        return Rule(sentence=row.sentence, trusted=True)
    told = row.data
    ids = told.get("ids")
    title_id, year = told.get("title_id"), told.get("year")
    known = Known(
        kind=Kind(str(told["kind"])),
        title=str(told["title"]),
        year=year if isinstance(year, int) else None,
        ids={str(k): str(v) for k, v in ids.items()} if isinstance(ids, dict) else {},
        title_id=title_id if isinstance(title_id, int) else None,
    )
    return Rule(sentence=row.sentence, known=known)
