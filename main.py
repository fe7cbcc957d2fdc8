"""`python main.py`: the same as the installed command `movie-sync`."""

from movie_sync.cli import main

if __name__ == "__main__":
    main()
