"""The main job with no account and no internet: sites on loopback that the same daemon talks to."""
