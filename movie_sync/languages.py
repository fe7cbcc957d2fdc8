"""The languages that films are spoken in: English names, the codes of ISO 639, and other words.

Everywhere else a language is its English name here. Indexers and TMDB speak in codes of two
letters, the tracks of files in codes of three, and people as they like.
"""

import unicodedata

# The film's own language, whichever that is: who knows the film can say it.
ORIGINAL = "Original"

# A name, its codes (the one to answer with first), and what else it is called in releases:
# its own name for itself, old codes, and marks of countries and teams that stand for it.
LANGUAGES = (
    ("English", "en eng", "ing ingles inglese anglais englisch англ английский"),
    ("French", "fr fre fra", "francais truefrench vf vf2 vff vfq vfi vof quebecois"),
    ("Spanish", "es spa", "esp espanol castellano castilian"),
    ("Spanish (Latino)", "es-419", "latino latam latinoamericano"),
    ("German", "de ger deu", "deutsch swissgerman videomann"),
    ("Italian", "it ita", "italiano"),
    ("Danish", "da dan", "dansk dk"),
    ("Dutch", "nl dut nld", "nederlands nederlandse"),
    ("Flemish", "nl-BE vls", "vlaams"),
    ("Swedish", "sv swe", "svenska svensk se"),
    ("Norwegian", "no nor nb nob nn nno", "norsk"),
    ("Finnish", "fi fin", "suomi"),
    ("Icelandic", "is ice isl", ""),
    ("Portuguese", "pt por", "portugues"),
    ("Portuguese (BR)", "pt-BR", "brazilian brasileiro dublado ptbr"),
    ("Catalan", "ca cat", "catala"),
    ("Galician", "gl glg", "galego"),
    ("Basque", "eu baq eus", "euskera euskara"),
    ("Japanese", "ja jpn", "jap jp"),
    ("Korean", "ko kor", "kr"),
    ("Chinese", "zh chi zho cn cmn yue", "mandarin cantonese chn putonghua"),
    ("Vietnamese", "vi vie", "vn viet"),
    ("Thai", "th tha", ""),
    ("Indonesian", "id ind", "indo"),
    ("Malay", "ms may msa", "melayu"),
    ("Tagalog", "tl tgl fil", "filipino pilipino"),
    ("Mongolian", "mn mon", "khalkha"),
    ("Russian", "ru rus", "русский русская рус"),  # noqa: RUF001
    ("Ukrainian", "uk ukr", "ua українська український украинский укр"),
    ("Belarusian", "be bel", ""),
    ("Polish", "pl pol", "polski lektor lekpl pllek dubpl"),
    ("Czech", "cs cze ces", "cz cesky cestina"),
    ("Slovak", "sk slo slk", "slovensky slovencina"),
    ("Hungarian", "hu hun", "magyar"),
    ("Romanian", "ro rum ron mo", ""),
    ("Bulgarian", "bg bul", ""),
    ("Serbian", "sr srp scc", "srpski"),
    ("Croatian", "hr hrv scr", "hrvatski"),
    ("Bosnian", "bs bos", ""),
    ("Slovenian", "sl slv", "slovene slovenski"),
    ("Macedonian", "mk mac mkd", ""),
    ("Albanian", "sq alb sqi", "shqip"),
    ("Greek", "el gre ell", "gr"),
    ("Turkish", "tr tur", "turkce"),
    ("Lithuanian", "lt lit", "ltu lietuviu"),
    ("Latvian", "lv lav", "lat latviski"),
    ("Estonian", "et est", "eesti ee"),
    ("Georgian", "ka geo kat", ""),
    ("Armenian", "hy arm hye", ""),
    ("Azerbaijani", "az aze", "azeri"),
    ("Uzbek", "uz uzb", ""),
    ("Kazakh", "kk kaz", ""),
    ("Hebrew", "he heb iw", ""),
    ("Arabic", "ar ara", ""),
    ("Persian", "fa per fas", "farsi"),
    ("Urdu", "ur urd", ""),
    ("Hindi", "hi hin", ""),
    ("Bengali", "bn ben", "bangla"),
    ("Tamil", "ta tam", ""),
    ("Telugu", "te tel", ""),
    ("Malayalam", "ml mal", ""),
    ("Kannada", "kn kan", ""),
    ("Marathi", "mr mar", ""),
    ("Punjabi", "pa pan", ""),
    ("Gujarati", "gu guj", ""),
    ("Afrikaans", "af afr", ""),
    ("Romansh", "rm roh", "romansch rumantsch"),
    (ORIGINAL, "", "orig vo ov vost vostfr vose omu"),
)
# Countries are no languages ("Germany" is where it plays), unless a voice is said to be from there.
SPOKEN_IN = {
    "uzbekistan": "Uzbek", "azerbaijan": "Azerbaijani", "kazakhstan": "Kazakh",
    "germany": "German", "france": "French", "italy": "Italian", "russia": "Russian",
    "ukraine": "Ukrainian", "poland": "Polish", "hungary": "Hungarian", "turkey": "Turkish",
    "georgia": "Georgian", "brazil": "Portuguese (BR)", "brasil": "Portuguese (BR)",
    "thailand": "Thai", "vietnam": "Vietnamese", "korea": "Korean", "japan": "Japanese",
    "china": "Chinese", "spain": "Spanish", "mexico": "Spanish (Latino)",
}  # fmt: skip


def fold(word: str) -> str:
    """In small letters, and Latin ones without accents: Català is catala."""
    folded = word.casefold()
    if folded.isascii() or folded[0] > "\u024f":
        return folded
    parts = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


_NAMES = {code.lower(): name for name, codes, _ in LANGUAGES for code in codes.split()}
_CODES = {name: codes.split()[0] for name, codes, _ in LANGUAGES if codes}
# Every word and code for a language as `fold` gives it; the language listed first has it.
WORDS = {
    word: name
    for name, codes, others in reversed(LANGUAGES)
    for word in (*codes.lower().split(), *others.split(), name.lower())
    if word.isalnum()
}


def code_of(name: str) -> str | None:
    """The code of ISO 639-1 for an English name: "ko" for "Korean". Three have a region too."""
    return _CODES.get(name)


def name_of(code: str) -> str | None:
    """The English name for a code of ISO 639-1 or -2, in any case: "ger", "deu", "de-AT", "pt_BR".

    The Spanish of any country but Spain is Spanish (Latino).
    """
    code = code.strip().lower().replace("_", "-")
    if code in _NAMES:
        return _NAMES[code]
    base, _, region = code.partition("-")
    if _NAMES.get(base) == "Spanish" and region not in ("", "es"):
        return "Spanish (Latino)"
    return _NAMES.get(base)
