"""Addresses as QR codes, for a phone's camera: for a terminal, and for a page.

Made by segno, which comes with the extra `history`; without it there is none, and the address is
typed.
"""

import importlib.util
import io

QUIET_MODULES = 2  # of the four that the norm has; phones do with two, and terminals are small


def available() -> bool:
    return importlib.util.find_spec("segno") is not None


def for_terminal(text: str) -> str | None:
    """Lines of half blocks, dark on light by the terminal's own colours turned round; None where
    it cannot be made."""
    if not available():
        return None
    import segno

    out = io.StringIO()
    segno.make(text, micro=False, error="m").terminal(out, compact=True, border=QUIET_MODULES)
    return out.getvalue()


def as_svg(text: str) -> str | None:
    """An <svg> for a page: dark on white whatever the page's colours, no style and no script."""
    if not available():
        return None
    import segno

    code = segno.make(text, micro=False, error="m")
    svg: str = code.svg_inline(
        border=QUIET_MODULES,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass="qr",
        lineclass=None,
    )
    return svg
