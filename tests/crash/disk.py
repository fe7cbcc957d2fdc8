"""What may be on a disk after a power cut, given what was asked of it. Pure.

What was synced is there. Of what was not, a file system may have written any part, in any order:
names made, renamed or removed in any combination (each whole); writes all, none, in part, torn
within a sector or between, or as a longer file of zeros or of what an earlier file had left there.
A sync that failed makes nothing durable, and what it failed to write no later one does: the kernel
has marked it clean (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020).
Not doubted: that bytes synced before stay as they are while others beside them are written.
"""

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests.crash.recording import Action

SECTOR = 512
FEW = 4  # so many things that may be there or not are tried in every combination

Files = dict[str, bytes]


@dataclass
class Inode:
    durable: bytes = b""
    unsynced: list[Action] = field(default_factory=list)
    doomed: list[Action] = field(default_factory=list)  # a sync of these has failed

    def written(self, actions: list[Action]) -> bytes:
        text = bytearray(self.durable)
        for action in actions:
            _put(text, action.at, action.text)
        return bytes(text)


def _put(into: bytearray, at: int, text: bytes) -> None:
    if len(into) < at:
        into.extend(bytes(at - len(into)))
    into[at : at + len(text)] = text


class Disk:
    """One folder on it. Actions are told in the order of their beginning, then of their end."""

    def __init__(self, held: Mapping[str, bytes] = {}) -> None:
        self._inodes = {n: Inode(text) for n, text in enumerate(held.values(), start=1)}
        self._names = {name: n for n, name in enumerate(held, start=1)}
        self._unsynced: list[Action] = []  # changes of names
        self._left: dict[str, bytes] = {}  # what was last replaced under a name

    def begin(self, action: Action) -> bool:
        """Whether that may have changed what a power cut leaves."""
        if action.kind == "write":
            self._inode(action.file).unsynced.append(action)
        elif action.kind == "name":
            self._unsynced.append(action)
        return action.kind in ("write", "name")

    def end(self, action: Action) -> bool:
        """The same, now that it has ended."""
        if action.kind == "sync":
            self._sync(action)
        elif action.kind == "sync names" and not action.failed:
            for done in _held_by(action, self._unsynced):
                self._replace(done)
                self._unsynced.remove(done)
        return action.kind in ("sync", "sync names") and not action.failed

    def _replace(self, action: Action) -> None:
        before = self._names.copy()
        _rename(self._names, action)
        for name in action.becomes.keys() & before.keys() & self._names.keys():
            self._left[name] = self._inode(before[name]).durable.rstrip(b"\0")

    def _sync(self, action: Action) -> None:
        inode = self._inode(action.file)
        done = _held_by(action, inode.unsynced)
        inode.unsynced = [one for one in inode.unsynced if one not in done]
        if action.failed:
            inode.doomed += done
        else:
            inode.durable = inode.written(done)

    def _inode(self, file: int) -> Inode:
        return self._inodes.setdefault(file, Inode())

    def states(self, chance: random.Random) -> Iterator[Files]:
        """Every folder that a power cut may leave now, or a fair choice of too many."""
        for names in self._namings(chance):
            unsure = {file: name for name, file in names.items() if self._unsure(file)}
            for contents in self._contents(unsure, chance):
                yield {
                    name: contents[file] if file in contents else self._inode(file).durable
                    for name, file in names.items()
                }

    def _unsure(self, file: int) -> list[Action]:
        inode = self._inode(file)
        return sorted([*inode.doomed, *inode.unsynced], key=lambda action: action.begin)

    def _namings(self, chance: random.Random) -> Iterator[dict[str, int]]:
        for done in _choices(self._unsynced, chance):
            names = self._names.copy()
            for action in done:
                _rename(names, action)
            yield names

    def _contents(
        self, files: Mapping[int, str], chance: random.Random
    ) -> Iterator[dict[int, bytes]]:
        """Of these files: each way of one with all and with none of the others."""
        ways = {n: list(dict.fromkeys(self._ways(n, files[n], chance))) for n in files}
        everything = {file: texts[0] for file, texts in ways.items()}
        nothing = {file: self._inode(file).durable for file in files}
        yield everything
        yield nothing
        for file, texts in ways.items():
            for text in texts:
                yield everything | {file: text}
                if len(files) > 1:
                    yield nothing | {file: text}

    def _ways(self, file: int, name: str, chance: random.Random) -> Iterator[bytes]:
        """What may stand in one file; first, all that was written."""
        inode, unsure = self._inode(file), self._unsure(file)
        whole = inode.written(unsure)
        yield whole
        longer = len(whole) - len(inode.durable)
        if longer > 0:
            yield inode.durable + bytes(longer)
            yield from self._with_left(name, whole, len(inode.durable), chance)
        for some in _choices(unsure, chance):
            yield inode.written(some)
        for one in unsure[-2:]:
            for torn in _torn(one, chance):
                yield inode.written([other for other in unsure if other is not one] + torn)
                yield inode.written(torn)

    def _with_left(
        self, name: str, whole: bytes, kept: int, chance: random.Random
    ) -> Iterator[bytes]:
        """Where a file got longer and the zeros behind its text were not written, old blocks show:
        at worst whole lines of the file that had its name before."""
        lines = self._left.get(name.removesuffix(".tmp"), b"").splitlines(keepends=True)
        begins = max(kept, len(whole.rstrip(b"\0")))
        for _ in range(FEW):
            left = b"".join(lines[chance.randrange(len(lines)) :]) if lines else b""
            yield (whole[:begins] + left + bytes(len(whole)))[: len(whole)]


def _held_by(sync: Action, actions: list[Action]) -> list[Action]:
    """What had ended before the sync began."""
    return [one for one in actions if one.end is not None and one.end <= sync.begin]


def _rename(names: dict[str, int], action: Action) -> None:
    for name, file in action.becomes.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def _choices(actions: list[Action], chance: random.Random) -> Iterator[list[Action]]:
    """Parts of these, in their order; every one of them if they are few."""
    if len(actions) <= FEW:
        for size in range(len(actions), -1, -1):
            yield from map(list, itertools.combinations(actions, size))
        return
    for end in range(len(actions), -1, -1):
        yield actions[:end]
    for one in actions:
        yield [other for other in actions if other is not one]
    for _ in range(2**FEW):
        yield [one for one in actions if chance.random() < 0.5]


def _torn(action: Action, chance: random.Random) -> Iterator[list[Action]]:
    """A write of which only some bytes or sectors arrived, in place of the whole one."""
    text, size = action.text, len(action.text)
    to_sector = SECTOR - action.at % SECTOR  # bytes of the first sector
    cuts = {1, size // 2, size - 1, to_sector, to_sector + SECTOR, chance.randrange(size)}
    for cut in sorted(cut for cut in cuts if 0 < cut < size):
        yield [_part(action, 0, cut)]
        if cut >= to_sector:
            yield [_part(action, cut, size)]
    if size > to_sector + SECTOR:
        yield [_part(action, 0, to_sector), _part(action, to_sector + SECTOR, size)]
    begins = max(size - SECTOR, 0)
    yield [replace(action, text=text[:begins] + text[begins:].translate(_OTHER_DIGITS))]


_OTHER_DIGITS = bytes.maketrans(b"0123456789", b"1032547698")  # what a sector may hold by mistake


def _part(action: Action, begin: int, end: int) -> Action:
    return Action(
        "write", action.begin, action.end, action.file, action.at + begin, action.text[begin:end]
    )
