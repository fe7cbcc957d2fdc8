"""What the fields of a selection are called on the page, and in which order they stand there."""

UNSET = "as the Sonarr has it"

LISTS = ("types", "genres", "languages", "countries", "networks")

# Headings, with the keys of their fields and whether they are folded away until used.
PARTS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("What it takes", (
        "name", *LISTS, "status", "exclude_ended", "premiered.after", "premiered.before",
        "rating.min", "rating.max", "runtime.min", "runtime.max",
    ), False),
    ("But not", (
        *(f"exclude_{one}" for one in LISTS), "ended.after", "ended.before", "when_unknown",
    ), True),
    ("Where its shows go", (
        "review", "sonarr", "root_folder", "quality_profile", "tags", "monitor", "series_type",
        "search_on_add", "enabled",
    ), True),
)  # fmt: skip

LABELS = {
    "name": "Name", "enabled": "Take shows by it", "types": "Types", "genres": "Genres",
    "languages": "Languages", "countries": "Countries", "networks": "Networks and services",
    "status": "Status", "exclude_ended": "None that has ended",
    "premiered.after": "Premiered on or after", "premiered.before": "Premiered on or before",
    "ended.after": "Ended on or after", "ended.before": "Ended on or before",
    "rating.min": "Lowest rating", "rating.max": "Highest rating",
    "runtime.min": "Shortest episode, in minutes", "runtime.max": "Longest episode, in minutes",
    "exclude_types": "Not of these types", "exclude_genres": "Not of these genres",
    "exclude_languages": "Not in these languages", "exclude_countries": "Not of these countries",
    "exclude_networks": "Not on these networks", "when_unknown": "Where a fact is not known",
    "review": "Review", "sonarr": "Sonarr", "root_folder": "Root folder",
    "quality_profile": "Quality profile", "tags": "Tags", "monitor": "Episodes to look for",
    "series_type": "Type of series", "search_on_add": "Search at once",
}  # fmt: skip

SENTENCES = {
    "name": "Of your choice, such as Korean drama.",
    "types": "One of these; none ticked is any.",
    "genres": "At least one of these; none ticked is any.",
    "languages": 'One a line, such as Korean; "none" is one that is not known. Empty is any.',
    "countries": 'Two letters, one a line, such as GB; "none" is what streams in all the world.',
    "networks": "One a line, such as HBO or Netflix. Empty is any.",
    "status": "One of these; none ticked is any.",
    "exclude_ended": "",
    "premiered.after": "", "premiered.before": "", "ended.after": "", "ended.before": "",
    "rating.min": "From 0 to 10; many shows have none.", "rating.max": "",
    "runtime.min": "", "runtime.max": "",
    "exclude_types": "", "exclude_genres": "", "exclude_languages": "One a line.",
    "exclude_countries": "One a line.", "exclude_networks": "One a line.",
    "when_unknown": "Of shows whose rating, running time or days are asked for and not known.",
    "root_folder": "Empty: as the Sonarr has it.",
    "quality_profile": "Empty: as the Sonarr has it.",
    "tags": "One a line, besides those of the Sonarr.",
    "sonarr": "Where its shows are added.", "monitor": "", "series_type": "", "search_on_add": "",
    "review": "Whether a person approves each show of it before it is added.",
    "enabled": "Else it is kept and takes none.",
}  # fmt: skip

CHOICES = {
    "when_unknown": (("refuse", "leave the show out"), ("pass", "let the show pass")),
    "review": (("", "as shows.review says"), ("true", "a person approves each show"),
               ("false", "shows are added by themselves")),
    "search_on_add": (("", UNSET), ("true", "yes"), ("false", "no")),
}  # fmt: skip
