"""The words that TVMaze describes shows with, and what a person may have meant by others.

Rules are held against these, because a word that TVMaze never uses would filter nothing, silently:
"Reality" is a type there and no genre, and the United Kingdom is "GB". Languages and genres may
become more over time, so an unknown word is told of and used all the same.

Source: https://www.tvmaze.com/api and the lists of its search page, as of 2026; countries by
ISO 3166-1.
"""

import difflib
from collections.abc import Iterable

from msgspec import Struct

from movie_sync.shows_settings import NONE

TYPES = (
    "Scripted", "Animation", "Reality", "Talk Show", "Documentary", "Game Show", "News", "Sports",
    "Variety", "Award Show", "Panel Show",
)  # fmt: skip
GENRES = (
    "Action", "Adult", "Adventure", "Anime", "Children", "Comedy", "Crime", "DIY", "Drama",
    "Espionage", "Family", "Fantasy", "Food", "History", "Horror", "Legal", "Medical", "Music",
    "Mystery", "Nature", "Romance", "Science-Fiction", "Sports", "Supernatural", "Thriller",
    "Travel", "War", "Western",
)  # fmt: skip
ENDED = "Ended"
STATUSES = ("Running", ENDED, "To Be Determined", "In Development")
LANGUAGES = (
    "Afrikaans", "Albanian", "Arabic", "Armenian", "Azerbaijani", "Basque", "Belarusian",
    "Bengali", "Bosnian", "Bulgarian", "Burmese", "Catalan", "Chechen", "Chinese", "Croatian",
    "Czech", "Danish", "Divehi", "Dutch", "English", "Estonian", "Faroese", "Finnish", "French",
    "Frisian", "Galician", "Georgian", "German", "Greek", "Greenlandic", "Gujarati", "Hebrew",
    "Hindi", "Hungarian", "Icelandic", "Indonesian", "Irish", "Italian", "Japanese", "Javanese",
    "Kannada", "Kazakh", "Khmer", "Korean", "Kyrgyz", "Latin", "Latvian", "Lithuanian",
    "Luxembourgish", "Macedonian", "Malay", "Malayalam", "Maltese", "Maori", "Marathi",
    "Mongolian", "Nepali", "Norwegian", "Panjabi", "Pashto", "Persian", "Polish", "Portuguese",
    "Romanian", "Russian", "Samoan", "Scottish Gaelic", "Serbian", "Sinhalese", "Slovak",
    "Slovenian", "Somali", "Spanish", "Swahili", "Swedish", "Tagalog", "Tamil", "Telugu", "Thai",
    "Turkish", "Turkmen", "Ukrainian", "Urdu", "Uzbek", "Vietnamese", "Welsh", "Xhosa", "Yoruba",
    "Zulu",
)  # fmt: skip
COUNTRIES = tuple(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
    BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
    EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
    NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
    TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
    """.split()  # noqa: SIM905 - so many words are read easier without quotes
)
# What a country is called where its code is not: the word, in small letters -> the code.
COUNTRY_WORDS = {
    "uk": "GB", "eng": "GB", "england": "GB", "great britain": "GB", "united kingdom": "GB",
    "usa": "US", "united states": "US", "america": "US", "canada": "CA", "australia": "AU",
    "new zealand": "NZ", "ireland": "IE", "germany": "DE", "ger": "DE", "austria": "AT",
    "switzerland": "CH", "france": "FR", "spain": "ES", "italy": "IT", "portugal": "PT",
    "netherlands": "NL", "belgium": "BE", "denmark": "DK", "sweden": "SE", "norway": "NO",
    "finland": "FI", "iceland": "IS", "poland": "PL", "czechia": "CZ", "hungary": "HU",
    "romania": "RO", "ukraine": "UA", "russia": "RU", "greece": "GR", "turkey": "TR",
    "israel": "IL", "india": "IN", "china": "CN", "taiwan": "TW", "hong kong": "HK",
    "japan": "JP", "jpn": "JP", "korea": "KR", "south korea": "KR", "kor": "KR",
    "thailand": "TH", "philippines": "PH", "indonesia": "ID", "mexico": "MX", "brazil": "BR",
    "argentina": "AR", "south africa": "ZA",
}  # fmt: skip
# What genres and languages are called elsewhere.
OTHER_WORDS = {
    "genres": {
        "sci-fi": "Science-Fiction", "scifi": "Science-Fiction", "sf": "Science-Fiction",
        "science fiction": "Science-Fiction", "kids": "Children",
        "romantic": "Romance", "suspense": "Thriller", "sport": "Sports",
    },
    "types": {"talkshow": "Talk Show", "gameshow": "Game Show", "animated": "Animation"},
    "languages": {
        "mandarin": "Chinese", "cantonese": "Chinese", "farsi": "Persian", "punjabi": "Panjabi",
        "filipino": "Tagalog", "sinhala": "Sinhalese", "gaelic": "Scottish Gaelic",
    },
    "status": {"returning": "Running", "continuing": "Running", "tbd": "To Be Determined"},
}  # fmt: skip
KNOWN = {"types": TYPES, "genres": GENRES, "languages": LANGUAGES, "status": STATUSES}
SINGULAR = {"types": "type", "genres": "genre", "languages": "language", "status": "status"}
MOST_SHOWN = 12


class Words(Struct):
    """The words of one list, as TVMaze has them, and what is to be said of them."""

    known: tuple[str, ...] = ()
    as_types: tuple[str, ...] = ()  # words in a list of genres that are types
    problems: tuple[str, ...] = ()  # they would not do what was meant
    notices: tuple[str, ...] = ()  # they were read as something else


def read(kind: str, words: Iterable[str], where: str) -> Words:
    """The words of a list of this kind: "genres", "types", "languages", "countries", "networks"
    or "status".

    Args:
        where: what a sentence about them begins with: "shows.exclude.genres".
    """
    found = Words()
    for word in dict.fromkeys(filter(None, (word.strip() for word in words))):
        if kind != "status" and word.casefold() == NONE:
            found.known += (NONE,)
        elif kind == "countries":
            _country(found, word, where)
        elif kind == "networks":
            found.known += (word,)
        else:
            _word(found, kind, word, where)
    found.known = tuple(dict.fromkeys(found.known))  # "UK" and "GB"
    return found


def _country(found: Words, word: str, where: str) -> None:
    code = word.upper()
    if code in COUNTRIES:
        found.known += (code,)
    elif meant := COUNTRY_WORDS.get(word.casefold()):
        found.known += (meant,)
        found.notices += (f'{where}: "{word}" is read as "{meant}", as TVMaze has it',)
    else:
        found.known += (code,)
        near = difflib.get_close_matches(word.casefold(), COUNTRY_WORDS, 1, 0.75)
        guess = f'; did you mean "{COUNTRY_WORDS[near[0]]}"?' if near else ', as "KR"'
        found.problems += (
            f'{where}: "{word}" is no country; they are written as two letters of ISO 3166{guess}',
        )


def _word(found: Words, kind: str, word: str, where: str) -> None:
    known = {one.casefold(): one for one in KNOWN[kind]}
    types = {one.casefold(): one for one in TYPES}
    small = word.casefold()
    if small in known:
        found.known += (known[small],)
    elif kind == "genres" and small in types:
        found.as_types += (types[small],)
        found.notices += (
            f'{where}: "{types[small]}" is a type at TVMaze and no genre; shows of that type are '
            "meant",
        )
    else:
        found.known += (word,)
        found.problems += (f"{where}: {_unknown(kind, word, known)}",)


def _unknown(kind: str, word: str, known: dict[str, str]) -> str:
    small, one = word.casefold(), SINGULAR[kind]
    for other, names in KNOWN.items():
        if small in (name.casefold() for name in names):
            return f'"{word}" is a {SINGULAR[other]} at TVMaze and no {one}'
    meant = OTHER_WORDS.get(kind, {}).get(small)
    if not meant:
        near = difflib.get_close_matches(small, known, 1, 0.7)
        meant = known[near[0]] if near else None
    if meant:
        return f'TVMaze has no {one} "{word}"; did you mean "{meant}"?'
    if len(KNOWN[kind]) <= MOST_SHOWN:
        return f'TVMaze has no {one} "{word}"; there are {", ".join(KNOWN[kind])}'
    return f'TVMaze has no {one} "{word}" that is known here'
