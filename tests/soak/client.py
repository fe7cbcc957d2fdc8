"""The torrent client of a soak: another program, so that what it has outlives a kill of ours."""

import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from movie_sync.errors import Refused
from movie_sync.models import Phase, Transfer, TransferFile
from movie_sync.torrents import read
from tests.soak.films import Fate, Offer
from tests.soak.outside import CLIENT, Broken, World

_HAPPEN_IN_THE_CLIENT = frozenset(Fate) - {Fate.GOOD, Fate.SLOW}


@dataclass
class Load:
    """A download in the client."""

    offer: Offer
    folder: Path
    persons: bool = False  # it was there before we asked
    looks: int = 0
    on_disk: bool = False


class Client:
    """A torrent client that a person uses too."""

    name, shared = CLIENT, True

    def __init__(self, world: World) -> None:
        self._world = world

    def check(self) -> str:
        self._world.ask(CLIENT)
        return "well"

    def add(self, torrent: bytes, save_to: Path) -> str:
        world = self._world
        world.ask(CLIENT)
        offer = world.by_handle[read(torrent, self.name).handle]
        if offer.fate is Fate.TURNED_AWAY:
            world.by_number[offer.number].blame += 1
            world.faults[offer.fate] += 1
            raise Refused(self.name, "does not take this torrent")
        if offer.handle not in world.loads:
            world.loads[offer.handle] = Load(offer, save_to / offer.release.name)
            if offer.fate in _HAPPEN_IN_THE_CLIENT:
                world.faults[offer.fate] += 1
        world.point()  # it has the torrent, and we may never hear of it
        return offer.handle

    def transfers(self, handles: Collection[str]) -> dict[str, Transfer]:
        self._world.ask(CLIENT)
        loads = self._world.loads
        return {handle: _transfer(loads[handle]) for handle in handles if handle in loads}

    def remove(self, handle: str, *, with_files: bool) -> None:
        self._world.ask(CLIENT)
        load = self._world.loads.get(handle)
        if load is None:
            return
        if load.persons:
            raise Broken(f"the person's own download {load.offer.release.name} was removed")
        del self._world.loads[handle]
        if with_files:
            shutil.rmtree(load.folder, ignore_errors=True)
        self._world.point()

    def relabel(self, handle: str, label: str) -> None:
        self._world.ask(CLIENT)

    def close(self) -> None:
        pass

    def advance(self) -> None:
        """Some minutes pass for all downloads."""
        world = self._world
        for handle, load in list(world.loads.items()):
            if load.on_disk:
                continue
            load.looks += 1
            if load.offer.fate is Fate.DELETED and load.looks >= 2:
                del world.loads[handle]
            elif _phase(load) is Phase.DONE:
                _write(load)
                if load.offer.fate in (Fate.WRONG, Fate.NO_VIDEO):
                    world.by_number[load.offer.number].blame += 1


def _phase(load: Load) -> Phase:
    match load.offer.fate:
        case Fate.SLOW:
            return Phase.DONE if load.looks > 12 else Phase.LOADING
        case Fate.PAUSED:
            return Phase.DONE if load.looks > 40 else Phase.PAUSED
        case Fate.HALTED:
            return Phase.DONE if load.looks > 20 else Phase.BROKEN
        case Fate.STALLS | Fate.DELETED:
            return Phase.STALLED
        case Fate.LONG_NAME:
            return Phase.BROKEN
    return Phase.DONE if load.looks > 1 else Phase.LOADING


def _transfer(load: Load) -> Transfer:
    phase = _phase(load) if not load.persons else Phase.DONE
    if phase is Phase.DONE and not load.on_disk:
        phase = Phase.LOADING
    done = phase is Phase.DONE
    moving = load.offer.fate is Fate.SLOW
    faults = {Fate.LONG_NAME: "File name too long", Fate.HALTED: "No space left on device"}
    files = [
        TransferFile(load.folder / name, len(content)) for name, content in load.offer.files.items()
    ]
    return Transfer(
        handle=load.offer.handle,
        name=load.offer.release.name,
        phase=phase,
        progress=1.0 if done else load.looks / 30 * moving,
        message=faults.get(load.offer.fate) if phase is Phase.BROKEN else None,
        files=tuple(files) if done else (),
    )


def _write(load: Load) -> None:
    load.folder.mkdir(parents=True, exist_ok=True)
    for name, content in load.offer.files.items():
        (load.folder / name).write_bytes(content)
    load.on_disk = True


def own_download(world: World, offer: Offer) -> None:
    """A person has this torrent in the client already, whole."""
    load = Load(offer, world.downloads / offer.release.name, persons=True)
    _write(load)
    world.loads[offer.handle] = load
