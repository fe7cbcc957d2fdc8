"""All figures, one after another: `make bench`. Each module can be run alone too."""

from benchmarks import library_index, life, queue_ops

for part in (life, library_index, queue_ops):
    print(f"\n{part.__name__.removeprefix('benchmarks.')}")
    part.main()
