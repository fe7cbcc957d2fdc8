"""Shows: TVMaze's catalogue, what a person wants of it, and how that comes into Sonarr."""
