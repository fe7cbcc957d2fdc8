"""`python -m movie_sync`: the same as `python main.py`."""

from movie_sync.cli import main

main()
