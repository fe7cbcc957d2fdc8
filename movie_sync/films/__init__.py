"""The films area: from a watchlist to a file in the library."""
