"""All figures, one after another: `make bench`. Each module can be run alone too."""

from benchmarks import library_index, life, names, queue_ops, shows, shows_rules, web

for part in (life, web, library_index, names, queue_ops, shows, shows_rules):
    print(f"\n{part.__name__.removeprefix('benchmarks.')}")
    part.main()
