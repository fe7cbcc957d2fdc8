"""Pictures for films and people that have none: their names on a colour of their own. Pure."""

import textwrap
from html import escape

WIDTH, HEIGHT = 200, 300
LETTERS_A_LINE, MOST_LINES = 11, 5
# Two colours each, dark enough below white letters; films keep theirs.
COLOURS = (
    ("#7a2e2e", "#2b1216"), ("#8a4b1f", "#2e1a10"), ("#7d6320", "#29210f"), ("#4f6b26", "#1a2410"),
    ("#2a6b45", "#0f2418"), ("#1f6b6b", "#0c2426"), ("#235f8a", "#0f2131"), ("#34509c", "#131b36"),
    ("#51439b", "#1b1736"), ("#74398f", "#271433"), ("#8c3372", "#301228"), ("#8e3350", "#31121c"),
)  # fmt: skip


def poster(title: str, year: int | None) -> str:
    """An SVG image, 2:3."""
    light, dark = COLOURS[sum(title.encode()) % len(COLOURS)]
    name = title.removesuffix(f" ({year})") if year else title
    lines = textwrap.wrap(name, LETTERS_A_LINE, max_lines=MOST_LINES, placeholder=" …") or ["?"]
    longest = max(map(len, lines))
    size = min(28, int((WIDTH - 44) / (longest * 0.6)))
    first = HEIGHT / 2 - (len(lines) - 1) * size * 0.6
    text = "".join(
        f'<text x="{WIDTH / 2}" y="{first + number * size * 1.2:.0f}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    below = f'<text x="{WIDTH / 2}" y="{HEIGHT - 26}" class="year">{year}</text>' if year else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<defs><linearGradient id="g" x1="0" y1="0" x2="0.6" y2="1">'
        f'<stop offset="0" stop-color="{light}"/><stop offset="1" stop-color="{dark}"/>'
        f'</linearGradient></defs><rect width="{WIDTH}" height="{HEIGHT}" fill="url(#g)"/>'
        f'<rect x="10" y="10" width="{WIDTH - 20}" height="{HEIGHT - 20}" fill="none" '
        f'stroke="#fff" stroke-opacity=".28"/>'
        f'<g fill="#fff" text-anchor="middle" font-family="Georgia, serif" font-weight="600" '
        f'font-size="{size}">{text}</g><g fill="#fff" fill-opacity=".75" text-anchor="middle" '
        f'font-family="Georgia, serif" font-size="15" letter-spacing="3">{below}</g></svg>'
    )


def initials(name: str) -> str:
    """An SVG image of a person, 2:3."""
    light, dark = COLOURS[sum(name.encode()) % len(COLOURS)]
    words = [word[0].upper() for word in name.split() if word[0].isalpha()] or ["?"]
    letters = words[0] + (words[-1] if len(words) > 1 else "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{dark}"/>'
        f'<circle cx="{WIDTH / 2}" cy="{HEIGHT / 2}" r="70" fill="{light}"/>'
        f'<text x="{WIDTH / 2}" y="{HEIGHT / 2 + 18}" fill="#fff" text-anchor="middle" '
        f'font-family="Georgia, serif" font-weight="600" font-size="50">{escape(letters)}</text>'
        "</svg>"
    )
