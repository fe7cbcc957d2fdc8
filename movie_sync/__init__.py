"""Movie Sync: wanted films, found, downloaded and put into the library."""

__version__ = "0.1.0"
