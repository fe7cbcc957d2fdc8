import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.release_titles import take_apart

FILMS = [
    ("Metropolis.1927.1080p.BluRay.x264-GRP", "Metropolis", 1927),
    ("The Third Man (1949) [1080p] [BluRay]", "The Third Man", 1949),
    ("The Third Man [1949] 720p WEBRip", "The Third Man", 1949),
    ("Le_Voyage_dans_la_Lune_1902_480p", "Le Voyage dans la Lune", 1902),
    ("Roundhay Garden Scene (1888)", "Roundhay Garden Scene", 1888),
    ("Metropolis-1927-1080p", "Metropolis", 1927),
    ("[1927] Metropolis 1080p", "Metropolis", 1927),
    ("1927 - Metropolis 1080p", "Metropolis", 1927),
    ("1941 - 1979 - 1080p", "1941", 1979),
    # Two years, and years that are titles.
    ("Wonder.Woman.1984.2020.1080p.WEB-DL", "Wonder Woman 1984", 2020),
    ("Blade.Runner.2049.2017.2160p", "Blade Runner 2049", 2017),
    ("Blade.Runner.2049.1080p", "Blade Runner 2049", None),
    ("1917.2019.1080p.BluRay", "1917", 2019),
    ("1984.1984.1080p.BluRay", "1984", 1984),
    ("2012.1080p.BluRay", "2012", None),
    ("1917 [1080p]", "1917", None),
    ("2001 A Space Odyssey (1968)", "2001 A Space Odyssey", 1968),
    ("300.2006.720p", "300", 2006),
    ("Movie.43.2013.720p", "Movie 43", 2013),
    ("Die.Nibelungen.German.BluRay.said.somewhere.1924", "Die Nibelungen", 1924),
    ("New.Faces.of.1937.1938.1080p", "New Faces of 1937", 1938),
    # Where no year is, the first mark of quality ends the title.
    ("Metropolis.German.DL.720p.BluRay.x264", "Metropolis", None),
    ("Metropolis.EXTENDED.German.720p", "Metropolis", None),
    ("Metropolis 2160p", "Metropolis", None),
    ("Metropolis - The Last Cut v2 [13572468]", "Metropolis - The Last Cut", None),
    # Tags between title and year.
    ("Metropolis.EXTENDED.1927.1080p", "Metropolis", 1927),
    ("Metropolis.GERMAN.Extended.Cut.1927.DVDR", "Metropolis", 1927),
    ("Metropolis.LIMITED.1927.720p", "Metropolis", 1927),
    ("Metropolis.FiNNiSH.1927.720p", "Metropolis", 1927),
    ("Metropolis.UNCUT.German.1927.720p", "Metropolis", 1927),
    ("Midnight.Special.Extended.Cut.2016.720p", "Midnight Special", 2016),
    ("Metropolis.VERSION.LONGUE.1927.720p", "Metropolis", 1927),
    ("Metropolis.2CD.1927.DVDRip", "Metropolis", 1927),
    ("METROPOLIS.GERMAN.1927.720p", "METROPOLIS GERMAN", 1927),
    # Words that are tags elsewhere.
    ("Cam.2018.1080p.WEB-DL", "Cam", 2018),
    ("The.Web.We.Wove.2013.WEB.x265", "The Web We Wove", 2013),
    ("The.4K.Man.2011.720p", "The 4K Man", 2011),
    ("The.French.Dispatch.2021.1080p", "The French Dispatch", 2021),
    ("The.Last.Italian.1961.720p", "The Last Italian", 1961),
    ("Piranha.3D.2010.1080p", "Piranha 3D", 2010),
    ("Midnight.Special.2016.1080p", "Midnight Special", 2016),
    ("Directors.Cut.2016.1080p", "Directors Cut", 2016),
    ("The.Final.Cut.2004.1080p", "The Final Cut", 2004),
    ("Mad.Max.HD.720p", "Mad Max", None),
    ("Longer.or.Uncut.1999.1080p", "Longer or Uncut", 1999),
    ("The.End.of.the.Line.1080p", "The End of the Line", None),
    # Numbers that look like a year.
    ("Metropolis.1080p.HEVC.BT.2020", "Metropolis", None),
    ("Metropolis.1920×1080.BluRay", "Metropolis", None),  # noqa: RUF001
    ("Метрополис 1927г. BDRip", "Метрополис", 1927),  # noqa: RUF001
    ("Blues Brothers 2000 [1080p][1998]", "Blues Brothers 2000", 1998),
    # Dots and brackets that are the title's.
    ("R.I.P.D.2013.720p", "R.I.P.D.", 2013),
    ("M.A.S.H (1970) 1080p", "M.A.S.H", 1970),
    ("A.M.Morning.Paper.1934.1080p", "A.M. Morning Paper", 1934),
    ("The.Man.from.U.N.C.L.E.2015.1080p", "The Man from U.N.C.L.E.", 2015),
    ("Am.I.a.Liar.1932.1080p", "Am I a Liar", 1932),
    ("Dr.Mabuse.1922.1080p", "Dr. Mabuse", 1922),
    ("Mr. Arkadin (1955) 1080p", "Mr. Arkadin", 1955),
    ("Kramer.vs.Kramer.1979.720p", "Kramer vs. Kramer", 1979),
    ("(500).Days.of.Summer.2009.1080p", "(500) Days of Summer", 2009),
    ("Birdman or (The Unexpected Virtue of Ignorance) (2014)",
     "Birdman or (The Unexpected Virtue of Ignorance)", 2014),
    ("Spider-Man.2002.1080p", "Spider-Man", 2002),
    ("8½.1963.1080p", "8½", 1963),
    ("WALL·E (2008) 1080p", "WALL·E", 2008),
    # Other scripts.
    ("기생충 2019 1080p", "기생충", 2019),
    ("Сталкер (1979) BDRip", "Сталкер", 1979),
    ("İzmir.Öyküsü.2017.1080p", "İzmir Öyküsü", 2017),
]  # fmt: skip


@pytest.mark.parametrize(("name", "title", "year"), FILMS)
def test_the_likeliest_title_comes_first(name, title, year):
    parts = take_apart(name)
    assert (parts.titles[0], parts.year) == (title, year)


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("New.Faces.of.1937.1080p", ["New Faces of 1937"]),
        ("The.Darjeeling.Limited.2007.720p", ["The Darjeeling"]),
        ("The.Darjeeling.Limited.720p", ["The Darjeeling Limited"]),
        ("Charlottes.Web.DUTCH.720p", ["Charlottes", "Charlottes Web"]),
        ("Metropolis.CONVERT.STV.NFOFiX.720p", ["Metropolis"]),
        ("Piranha.3D.2010.1080p", ["Piranha"]),
        ("Metropolis.GERMAN.1927.720p", ["Metropolis GERMAN"]),
        ("Mon.Cousin.AKA.My.Cousin.2020.1080p", ["Mon Cousin", "My Cousin"]),
        ("Mon Cousin a.k.a. My Cousin 2020", ["Mon Cousin", "My Cousin"]),
        ("Mon.Cousin.(aka.My.Cousin).2020.1080p", ["Mon Cousin", "My Cousin"]),
        ("Mon Cousin / My Cousin (2020)", ["Mon Cousin", "My Cousin"]),
        ("Mon Cousin (My Cousin) (2020)", ["Mon Cousin", "My Cousin"]),
        ("기생충.Parasite.2019.1080p", ["기생충 Parasite", "기생충", "Parasite"]),
        ("Зеркало The Mirror 1975 1080p", ["Зеркало", "The Mirror"]),
        ("铃芽之旅/Suzume (2022)", ["铃芽之旅", "Suzume"]),
        ("Метрополис / Metropolis (Fritz Lang) [1927, BDRip]", ["Метрополис", "Metropolis"]),
        ("[铃芽之旅][Suzume no Tojimari][2022]", ["铃芽之旅", "Suzume no Tojimari"]),
        ("Thelma.and.Louise.1991.720p", ["Thelma & Louise", "Thelma and Louise"]),
    ],
)
def test_other_titles_that_it_may_be_come_behind(name, also):
    assert set(also) <= set(take_apart(name).titles)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Gnomeo.and.Juliet.2011.720p", "Gnomeo & Juliet"),
        ("Gnomeo and Juliet 2011 720p", "Gnomeo and Juliet"),  # it could have said "&"
        ("Antony.and.Cleopatra.1913.720p", "Antony and Cleopatra"),
        ("James.and.the.Giant.Peach.1996.720p", "James and the Giant Peach"),
    ],
)
def test_dots_may_stand_for_an_ampersand(name, title):
    assert take_apart(name).titles[0] == title


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("Film.1999.1080p.BluRay", "1080p.BluRay"),
        ("Film.EXTENDED.1999.1080p", "EXTENDED. .1080p"),
        ("Film.GERMAN.1999.1080p", "GERMAN. .1080p"),
        ("Film.German.720p.BluRay", "German.720p.BluRay"),
        ("Film [HDTV]", "[HDTV]"),
        ("The.French.Dispatch.2021.1080p", "1080p"),
        ("Cam.2018", ""),
    ],
)
def test_tags_are_what_stands_behind_title_and_year(name, tags):
    assert take_apart(name).tags.strip(" .") == tags


@pytest.mark.parametrize(
    ("name", "titles", "year", "tags"),
    [
        ("Show.~S01E02.1080p.WEB", ("Show",), None, "1080p.WEB"),
        ("Show.2019.~S01E02.1080p.WEB", ("Show", "Show 2019"), 2019, "1080p.WEB"),
        ("1883.~S01E02.1080p", ("1883",), None, "1080p"),
        ("Show.~S01E02.The.Cam.and.the.Web.Ghost.1080p", ("Show",), None, "1080p"),
        ("Show - ~S01E02 - Title [WEB 1080p]", ("Show",), None, "[WEB 1080p]"),
        ("~S01E02.1080p", (), None, "1080p"),
        ("Show 720p [~Cap.102]", ("Show",), None, "720p [Cap.102]"),
        ("Show - The Complete ~Season 2 [HDTV]", ("Show",), None, "[HDTV]"),
        ("Show.~S01E02.1080.x264", ("Show",), None, "1080.x264"),
    ],
)
def test_the_title_of_a_series_ends_where_its_episode_begins(name, titles, year, tags):
    parts = take_apart(name.replace("~", ""), name.index("~"))
    assert (parts.titles[: len(titles)], parts.year) == (titles, year)
    assert parts.tags.strip(" .") == tags


def test_the_title_of_an_episode_is_no_tag():
    assert "Cam" not in take_apart("Show.S01E02.Cam.and.Web.Ghosts.1080p", 5).tags


@given(st.text(max_size=260), st.integers(0, 260))
def test_any_text_is_taken_apart(text, start):
    assert all(title.strip() for title in take_apart(text).titles)
    assert text.endswith(take_apart(text, min(start, len(text))).tags)
