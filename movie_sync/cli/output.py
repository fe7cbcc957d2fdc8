"""How commands print data: the same form for every `--json`."""

import msgspec


def json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
