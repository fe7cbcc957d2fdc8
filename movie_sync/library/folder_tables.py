"""The words of folders and files, as Plex, Jellyfin and Kodi understand them, and as people write.

Sources, as of 2026: https://support.plex.tv/articles/local-files-for-trailers-and-extras
https://jellyfin.org/docs/general/server/media/movies and /shows,
https://kodi.wiki/view/Naming_video_files
"""

import re

from movie_sync import release_episode_words as words
from movie_sync.release_episode_words import either

YEAR = r"(?:18[89]\d|19\d\d|20[0-3]\d)"
DATED = re.compile(rf"(?<!\d){YEAR}(?!\d)")

# What is not the work itself, by the folder that it lies in.
EXTRA_FOLDERS = {
    "behind the scenes": "behind_the_scenes", "making of": "behind_the_scenes",
    "deleted": "deleted", "deleted scenes": "deleted", "featurette": "featurette",
    "featurettes": "featurette", "interview": "interview", "interviews": "interview",
    "scene": "scene", "scenes": "scene", "short": "short", "shorts": "short",
    "trailer": "trailer", "trailers": "trailer", "sample": "sample", "samples": "sample",
    "proof": "sample", "clip": "clip", "clips": "clip", "other": "other", "others": "other",
    "extra": "other", "extras": "other", "bonus": "other", "backdrops": "theme",
    "theme music": "theme", "teaser": "trailer", "teasers": "trailer", "bloopers": "other",
    "gag reel": "other", "outtakes": "other", "bonus disc": "other", "bonus features": "other",
    "bonus material": "other", "special features": "other",
}  # fmt: skip
# These are never a collection's name; the others may be one, where no title stands above.
ALWAYS_EXTRA = frozenset({"sample", "samples", "proof", "trailer", "trailers", "backdrops"})
SPECIALS = frozenset({"specials", "special", "season 0", "season 00", "s00"})

# The same, at the end of a file's name.
_ENDINGS = {
    "behindthescenes": "behind_the_scenes", "deleted": "deleted", "deletedscene": "deleted",
    "featurette": "featurette", "interview": "interview", "scene": "scene", "short": "short",
    "trailer": "trailer", "sample": "sample", "clip": "clip", "other": "other", "extra": "other",
}  # fmt: skip
EXTRA_ENDING = re.compile(
    rf"(?:-|(?<=\S) - )({'|'.join(_ENDINGS)})\d{{0,2}}$|[._](trailer|sample)\d{{0,2}}$",
    re.IGNORECASE,
)
EXTRA_BEGINNING = re.compile(r"(sample)[-._]\S", re.IGNORECASE)
# And as people write it in words, without the "s" of several.
EXTRA_WORDS = _ENDINGS | {
    "behindthescene": "behind_the_scenes", "makingof": "behind_the_scenes", "teaser": "trailer",
    "theme": "theme", "blooper": "other", "gagreel": "other", "outtake": "other",
    "bonusdisc": "other", "bonusdisk": "other", "bonusfeature": "other", "bonusmaterial": "other",
}  # fmt: skip
_OF_EXTRA = (
    r"(?:(?:official|original|theatrical|teaser|final|first|main|movie|international|english"
    r"|red[ ._-]?band)[ ._-]{1,3}){0,4}"
)
_SPOKEN = (
    r"trailers?|teasers?|featurettes?|samples?|deleted[ ._-]?scenes?|behind[ ._-]?the[ ._-]?scenes"
    r"|making[ ._-]?of|bloopers|gag[ ._-]?reel|outtakes"
)
_BEHIND = rf"{_SPOKEN}|interviews?|extras|bonus[ ._-]?(?:dis[ck]|features?|material)"
_NTH = r"(?:[ ._-]{0,2}#?\d{1,2})?(?![^\W_])"
EXTRA_BEHIND_YEAR = re.compile(
    rf"(?<!\d){YEAR}(?P<closed>[)\]])?(?P<said>[ ._-]{{1,3}}(?:the[ ._-])?{_OF_EXTRA}"
    rf"(?P<word>{_BEHIND}){_NTH})",
    re.IGNORECASE,
)
EXTRA_BEHIND_TITLE = re.compile(
    rf"(?P<title>.{{1,200}}?)[ ._-]{{1,3}}{_OF_EXTRA}(?P<word>{_SPOKEN}){_NTH}(?P<rest>.*)",
    re.IGNORECASE,
)
EXTRA_AMONG_TAGS = re.compile(r"[._](?P<word>trailer|sample|featurette)(?=[._])", re.IGNORECASE)
EXTRA_NAMES = frozenset({"trailer", "sample", "theme", "movie-trailer"})
EXTRA_ALONE = re.compile(
    rf"{_OF_EXTRA}(?P<word>trailer|teaser|sample|theme)(?:[ ._-]{{0,2}}#?\d{{1,2}})?", re.IGNORECASE
)
EXTRA_BESIDE_FILM = re.compile(
    rf"{_OF_EXTRA}(?P<word>{_SPOKEN}|interviews?|extras)(?:[ ._-]{{0,2}}#?\d{{1,2}})?"
    r"|(?:the )?(?P<word_>making[ ._-]?of|behind[ ._-]?the[ ._-]?scenes)[ ._-].+"
    rf"|(?P<word__>{_SPOKEN}|interviews?) - .+",
    re.IGNORECASE,
)

# Folders of a source that sort, and name nothing.
_CATEGORIES = (
    "movies|movie|films|film|filme|pelis|peliculas|cinema|cine|kino|tv|tv shows|tv series|tvshows"
    "|tv-shows|shows|series|serien|serials|anime|animation|cartoons|kids|kinder|children|family"
    "|documentaries|documentary|docs|dokus|4k|uhd|hd|sd|3d|1080p|2160p|720p|480p|hdr|dvd|dvds"
    "|bluray|blu-ray|remux|media|video|videos|library|downloads|download|completed|complete|new"
    "|unsorted|unwatched|watched|misc|incoming|collections|action|adventure|comedy|crime|drama"
    "|fantasy|horror|musical|mystery|romance|sci-fi|science fiction|thriller|war|western|classics"
    "|archive|foreign|english|german|french|spanish|russian|japanese|korean|[a-z]|0-9|#|[a-z]-[a-z]"
    rf"|{YEAR}|{YEAR}s|{YEAR}-{YEAR}"
)
CATEGORY = re.compile(_CATEGORIES, re.IGNORECASE)

_SEASON = either(
    *words.SEASONS, "series", "série", "sezonul", "sezonas", "seria", "시즌", "シーズン"
)
SEASON = re.compile(
    rf"(?:{_SEASON}[ ._-]{{0,3}}(\d{{1,4}}|{either(*words.NUMERALS)})|s(\d{{1,4}})"
    rf"|(\d{{1,2}})(?:st|nd|rd|th|\.)?[ ._-]{_SEASON}|第 ?(\d{{1,2}}) ?[季期]"
    rf"|({either(*words.ORDINALS)})[ ._-]season)"
    r"(?=$|[ ._-]*[(\[-]|[ ._]\D)(?!.*(?<![^\W_])e\d)",
    re.IGNORECASE,
)
# A folder of this very form makes the one above it a show's; "Series 7 - The Contenders" is a film.
PLAIN_SEASON = re.compile(
    rf"{_SEASON}[ ._-]{{0,3}}\d{{1,4}}(?: ?\({YEAR}\))?|s\d{{2,4}}|\d{{1,2}}\. ?{_SEASON}",
    re.IGNORECASE,
)
BARE_SEASON = re.compile(rf"0?[1-9]|[1-9]\d|{YEAR}")
PART_FOLDER = re.compile(r"(?:cd|dis[ck]|dvd|part)[ ._-]?([1-9]\d?)", re.IGNORECASE)
SUBTITLE_FOLDERS = frozenset({"subs", "sub", "subtitles", "subtitle", "vobsubs"})

# What tells a part. A "Part 2" may be the title's own: see `folder_names.take_part`; a "DVD9" is
# a kind of disc, and "DVD.5.1" has sound in five channels.
_PART = (
    r"(?<![^\W_])(?P<word>cd|dis[ck]|dvd(?![ ._-]?[59](?!\d))|part|pt)(?P<gap>[ ._-]?)"
    r"(?P<number>[1-9]\d?)(?:[ ._]?of[ ._]?[1-9]\d?)?"
)
PART = re.compile(_PART + r"(?=[ ._-]{0,3}(?:[(\[{].{0,40})?$)", re.IGNORECASE)
PART_WITHIN = re.compile(_PART + r"(?![^\W_]|\.\d(?!\d))", re.IGNORECASE)
SURE_PARTS = frozenset({"cd", "disc", "disk", "dvd"})

IDS = re.compile(
    r"[\[{(](?P<provider>imdb|tmdb|tvdb|tvmaze|trakt|anidb\d?)(?:id)?[-=: ]{1,2}"
    r"(?P<id>tt\d{7,9}|\d{1,9})[\]})]|(?<![^\W_])(?P<imdb>tt\d{7,9})(?![^\W_])",
    re.IGNORECASE,
)
EDITION = re.compile(r"\{edition-([^{}]{1,80})\}", re.IGNORECASE)
BRACES = re.compile(r"\{[^{}]{0,120}\}")
EMPTY = re.compile(r"[\[(]\s*[\])]")

# "Title (1999)" with what may stand behind it: nothing, brackets, a version.
PLAIN = re.compile(
    rf"(?P<title>[^\[\](){{}}]{{1,200}}?(?: \([A-Z]{{2,3}}\))?) ?\((?P<year>{YEAR})\)"
    r"(?P<rest>(?:$|[ \[{._-]).*)"
)
# How long a show ran, or when the films of a collection are from.
SPAN = re.compile(rf"\(({YEAR}) ?[-\u2013] ?(?:{YEAR}|present)? ?\)", re.IGNORECASE)
# "Show (US) - " before an episode.
PLAIN_SHOW = re.compile(r"(?P<title>[^\[\](){}]{1,200}?(?: \([A-Z]{2,3}\))?) - ")
FIRST_SEASON = re.compile(rf"(?:s|{_SEASON})[ ._]?0?1|1st season|first season", re.IGNORECASE)
# A season or episodes, released in one folder.
PACK = re.compile(rf"(?<![^\W_])(?:s\d{{1,4}}(?![^\W_])|{_SEASON})", re.IGNORECASE)
SEASONS = re.compile(r"(?<![^\W_])s\d{1,2}[ ._]?-[ ._]?s?\d{1,2}(?![^\W_])", re.IGNORECASE)
# Sure to be an episode, wherever it stands.
STRONG = re.compile(
    r"(?<![^\W_])(?:s\d{1,4}[ ._-]{0,3}e[px]?\d|\d{1,2}x\d{2,3}(?!\d)|season[ ._-]?\d+)"
    r"|(?:19[5-9]\d|20[0-3]\d)[ ._-](?:0\d|1[0-2])[ ._-](?:[0-2]\d|3[01])(?!\d)",
    re.IGNORECASE,
)
# From where the mark of an episode begins to where it ends.
MARK = re.compile(
    r"[(\[]?(?:s\d{1,4}[ ._-]{0,3}e(?:p|x)?[ ._]?\d{1,5}|\d{1,4}x\d{1,3})"
    r"(?:[ ._]?(?:[-~+&]|and)?[ ._]?(?:(?:s\d{1,4}[ ._-]?)?ep?\d{1,4}|\d{1,4}x\d{1,3})"
    r"|-\d{1,3}(?![\dp])){0,40}(?:v\d)?[)\]]?"
    r"|(?:(?:19|20)\d\d[ ._-]\d\d[ ._-]\d\d|\d\d[ ._-]\d\d[ ._-](?:19|20)\d\d)"
    r"|e(?:p(?:isode)?)?[ ._]?\d{1,4}(?![^\W_])"
    r"|- \d{2,4}(?:v\d)?(?![^\W_])",
    re.IGNORECASE,
)

# Numbers alone, in a show's folder.
BARE_EPISODE = re.compile(
    r"(?:e(?:p(?:isode)?)?[ ._-]?)?(?P<number>\d{1,4})"
    r"(?:v\d|(?:-|[ ._]?[+&][ ._]?)(?:ep?)?(?P<last>\d{1,4}))?"
    r"(?:[ ._-]+(?P<rest>[^\W\d].*|[^\w ._-].*))?",
    re.IGNORECASE,
)
PART_OF_SHOW = re.compile(
    r"(?:(?P<title>.{1,200}?)[ ._]{1,2}(?:-[ ._])?)?"
    rf"{either(*words.EPISODES, *words.PARTS, 'chapter')}"
    r"[ ._-]?(?P<number>\d{1,3})(?:[ ._]-[ ._](?P<rest>.+))?",
    re.IGNORECASE,
)
# Behind an episode of an anime: "S02E03 - 155 - Claws".
ABSOLUTE_TITLE = re.compile(r"(?P<absolute>\d{2,4})(?: - (?P<title>\S.*))?")
REPEATED = re.compile(r"(?:proper|repack|rerip|real|internal|readnfo|dl|ml|multi|dubbed|subbed)\d?")
BEHIND_TITLE = re.compile(
    r"[ ._]{1,2}(?P<dash>-[ ._])?(?P<number>\d{2,4})(?:v\d|-(?P<last>\d{2,4}))?"
    r"(?=$|[ ._]-[ ._](?P<rest>.+)|[ ._]?[\[(])"
)
# "02 - Aliens (1986)": where it stands in the folder.
COUNTER = re.compile(
    r"(?:(?P<sure>\(?0\d(?:\)|\.|-| -)?[ ._]+|#\d{1,3}[ .]+)|\d{1,3}(?: - |\. ))(?P<title>\S.*)"
)
