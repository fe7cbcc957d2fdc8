"""All figures, one after another: `make bench`. Each module can be run alone too."""

from benchmarks import (
    history,
    history_import,
    library,
    library_index,
    library_page,
    library_scan,
    life,
    names,
    probing,
    pushing,
    queue_ops,
    shows,
    shows_page,
    shows_rules,
    web,
)

for part in (
    life,
    web,
    library,
    library_index,
    history,
    library_scan,
    library_page,
    probing,
    names,
    pushing,
    queue_ops,
    shows,
    shows_page,
    shows_rules,
    history_import,
):
    print(f"\n{part.__name__.removeprefix('benchmarks.')}")
    part.main()
