"""Which paths a site's robots.txt lets this program fetch, by RFC 9309.

Not the standard library's parser: that one takes the star in `Disallow: /*/by/*` for a letter
of the path, and so allows what such a rule forbids.
"""

import re
from collections import defaultdict

ANYBODY = "*"
_TOKEN = re.compile(r"\*|[A-Za-z_-]+")


class Robots:
    """The rules of one robots.txt for one program.

    Args:
        text: the file; an empty one allows everything.
        agent: the program's User-Agent; its first word, up to the version, is what rules name.
    """

    def __init__(self, text: str, agent: str) -> None:
        groups = _groups(text)
        own = groups.get(_token(agent))
        self._rules = groups.get(ANYBODY, []) if own is None else own

    def allows(self, path: str) -> bool:
        """The longest rule that fits decides, and between equals the one that allows."""
        fitting = [
            (len(pattern), allowed)
            for pattern, allowed in self._rules
            if _expression(pattern).match(path)
        ]
        return max(fitting, default=(0, True))[1]


def _groups(text: str) -> dict[str, list[tuple[str, bool]]]:
    """Program name to its (pattern, allowed) rules, groups of the same name joined."""
    groups: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    named: list[str] = []
    naming = False
    for line in text.lstrip("\ufeff").splitlines():
        field, _, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if field == "user-agent":
            named = [*named, _token(value)] if naming else [_token(value)]
            naming = True
            groups[named[-1]] += []
        elif field in {"allow", "disallow"}:
            naming = False
            for name in named if value else ():
                groups[name].append((value, field == "allow"))
    return dict(groups)


def _token(agent: str) -> str:
    found = _TOKEN.match(agent)
    return found[0].lower() if found else ""


def _expression(pattern: str) -> re.Pattern[str]:
    ends = pattern.endswith("$")
    parts = pattern.removesuffix("$").split("*")
    return re.compile(".*".join(map(re.escape, parts)) + ("$" if ends else ""))
