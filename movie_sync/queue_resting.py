"""Items that take little memory: of most, nobody looks at the data for months.

A film that is there has some 900 bytes of data as Python holds them, and 300 as text. So a resting
item keeps the text, and reads it each time that somebody looks; to all others it is an item.
"""

from typing import Any, ClassVar

import msgspec

from movie_sync.models import Item

_held = Item.data.__get__  # type: ignore[attr-defined]
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode


class Resting(Item, frozen=True, omit_defaults=True, kw_only=True, eq=False, gc=False):
    """An item with `msgspec.Raw` in the field below `data`, so that it is encoded as any other."""

    @property  # type: ignore[misc]  # it stands before the field
    def data(self) -> dict[str, Any]:
        """A dict of one's own: to change it changes nothing."""
        held: Any = _held(self)
        return _decode(held) if isinstance(held, msgspec.Raw) else held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and _encode(self) == _encode(other)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    @classmethod
    def of(cls, item: Item) -> Item:
        held: Any = _held(item)
        if not held or isinstance(held, msgspec.Raw):  # what is empty is left out of a file
            return item
        return cls(**msgspec.structs.asdict(item) | {"data": msgspec.Raw(_encode(held))})


def plainly(item: Item) -> dict[str, Any]:
    """As `msgspec.to_builtins`, which knows no item at rest."""
    whole: dict[str, Any] = msgspec.json.decode(_encode(item))
    return whole
