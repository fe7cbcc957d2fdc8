"""Records docs/demo.svg from the real demo: `python -m docs.record_demo`."""

import io
import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from movie_sync.cli import demo_screen as screen
from movie_sync.demo.play import Progress, play
from movie_sync.demo.world import World

WIDTH = 104
MOVING = re.compile(r"downloading [1-9]\d*%|tried again")
FONT = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)  # a picture asks nobody for a font


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "movie_sync-demo"
        folder.mkdir()
        frames: list[str] = []

        def note(films: list[Progress]) -> None:
            frames.append(_drawn(films))

        with World(folder, 5) as world:
            outcome = play(world, note)
            told = io.StringIO()
            screen.tell(world, outcome, told)
    middle = max(frames, key=lambda frame: len(set(MOVING.findall(frame))))
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text("$ make demo", style="bold"))
    console.print(Text.from_ansi(middle))
    console.print(Text("   ... a few seconds later ...\n", style="dim"))
    console.print(Text.from_ansi(frames[-1]))
    where = told.getvalue().replace(f"{temporary}/", "")
    console.print(where, highlight=False, markup=False)
    picture = FONT.sub("", console.export_svg(title="Movie Sync"))
    Path("docs/demo.svg").write_text(picture, encoding="utf-8")
    sys.stdout.write(f"docs/demo.svg: {len(frames)} looks, {outcome.seconds:.1f} s\n")


def _drawn(films: list[Progress]) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=WIDTH, color_system="truecolor")
    console.print(screen.table(films))
    return out.getvalue()


if __name__ == "__main__":
    main()
