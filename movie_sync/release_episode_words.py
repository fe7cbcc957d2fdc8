"""What seasons and episodes are called, in the languages that releases come in.

Some words have their number behind them, some before: "Staffel 2", "2. Staffel".
"""


def either(*words: str) -> str:
    """A pattern of any of these; the longest goes first."""
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SEASONS = _words(
    "season seasons staffel staffeln saison saisons stagione stagioni temporada temporadas "
    "seizoen seizoenen sæson säsong sesong kausi sezon sezona sezóna évad σεζόν сезон сезоны "
    "сезони сезона"
)
SEASONS_BEHIND = _words("season staffel saison temporada stagione seizoen série řada")
SEASONS_BEHIND_BARE = _words("сезон сезоны сезони сезона sezon sezona sezóna évad sez")
SEASONS_BEHIND_LAST = _words("staffel saison temporada stagione seizoen")
NTH = r"(?:[.ªº°ae]|[drtv]a|è?[mr]e|st|nd|rd|th|-?[йяа])"
NUMERALS = _words("one two three four five six seven eight nine ten")
ROMAN = _words("i ii iii iv v vi vii viii ix x")
ORDINALS = _words("first second third fourth fifth sixth seventh eighth ninth tenth")
NUMBERS = {
    word: number for row in (NUMERALS, ORDINALS, ROMAN) for number, word in enumerate(row, start=1)
}
# A film may be an "Episode 4", a "Capitulo 2" or a "2. díl"; the other words are of series alone.
EPISODES_LOOSE = _words(
    "episode episodes episodio episodios episodi episódio épisode épisodes ep eps capitulo "
    "capítulo capitulos cap bölüm bolum díl diel rész epi episodul"
)
EPISODES_SURE = _words(
    "folge folgen aflevering afleveringen afl avsnitt afsnit jakso odcinek odcinki odc epizod "
    "epizoda epizód puntata puntate серия серии серий серія серії эпизод επεισόδιο"
)
EPISODES_BEHIND = _words("blm серия серія сер эпизод odcinek jakso folge")  # noqa: RUF001
SPELT_IN_LATIN = _words("seria seriya serija serya ser")  # in Polish a "seria" is a season
LOOSE_BEHIND = _words("bölüm bolum díl diel rész")
COUNTS = _words("серии серий серії")  # "2 серии" is how many there are, "1-8 серии" which
PARTS = _words("part pt teil parte partie deel")
EPISODES = (*EPISODES_LOOSE, *EPISODES_SURE)
