import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.languages import LANGUAGES, ORIGINAL
from movie_sync.release_language_words import is_code, is_language, is_voice
from movie_sync.release_languages import read

SPOKEN = [
    # names and codes
    ("German.1080p.BluRay.x264", "German"),
    ("1080p.WEB-DL.HINDI.x264", "Hindi"),
    ("[Español] 720p", "Spanish"),
    ("720p català-español-français", "Catalan Spanish French"),
    ("720p Castellano", "Spanish"),
    ("1080p Farsi", "Persian"),
    ("2016.Rumantsch.WEB", "Romansh"),
    ("Mandarin.1080p", "Chinese"),
    ("Ger.AAC.1080p", "German"),
    ("1080p Ger Fra [mkv]", "German French"),
    ("1080p.русский", "Russian"),
    # lists of codes
    ("Hun/Ger/Ita.1080p", "Hungarian German Italian"),
    ("1080p HU-IT-DE", "Hungarian Italian German"),
    ("1080p Eng - Jap", "English Japanese"),
    ("(720p.DTS ITA-GER-JAP)", "Italian German Japanese"),
    ("720p_GER_SPA_FRA_FLAC", "German Spanish French"),
    ("1080p [ES.EN]", "Spanish English"),
    ("1080p.x264.Lat.Eng", "Latvian English"),
    ("1080p H265-Ita-Aac-5-1-Eng", "Italian English"),
    ("Cat.AC3,Esp.AC3,Ing.DTS,Subs 720p", "Catalan Spanish English"),
    # dubs and voices
    ("PLDUB.1080p", "Polish"),
    ("1080p.DUB-PL", "Polish"),
    ("1080p.PLLEK", "Polish"),
    ("HebDubbed.And.French.1080p", "Hebrew French"),
    ("1080p.RoDubbed", "Romanian"),
    ("BG.AUDIO.1080p", "Bulgarian"),
    ("1080p 3xUkr/Eng", "Ukrainian English"),
    ("1080p (2xUkr/Fra)", "Ukrainian French"),
    ("1080p UKR (MVO)", "Ukrainian"),
    ("[Kazakhstan.Dubbed].720p", "Kazakh"),
    ("1080p.TRUEFRENCH", "French"),
    ("1080p.VFQ", "French"),
    ("1080p by Videomann", "German"),
    # two kinds of one language
    ("1080p_Fra-Esp(Latino)", "French Spanish_(Latino)"),
    ("720p Español Latino", "Spanish_(Latino)"),
    ("720p Latino Castellano", "Spanish_(Latino) Spanish"),
    ("1080p.pt-BR.ENG", "Portuguese_(BR) English"),
    ("1080p Dublado", "Portuguese_(BR)"),
    ("1080p Brazilian Portuguese", "Portuguese_(BR)"),
    ("1080p.PT-PT", "Portuguese"),
    # codes that are words too
    ("DAN.1080p", "Danish"),
    ("Tel.WEBRip", "Telugu"),
    ("1080p SPA-CAT", "Spanish Catalan"),
    ("1080p Hindi-Tam", "Hindi Tamil"),
    ("1080p.NO.EN", "Norwegian English"),
    ("lv.1080p", "Latvian"),
    ("EN 1080p", "English"),
    ("1080p Fr-Eng", "French English"),
    ("720p.Bg.Audio", "Bulgarian"),
    # right behind the number of an episode only if shouted
    ("S01E02.SWEDiSH.Name.Of.It.720p", ""),
    ("S01E02.SWEDISH.Name.Of.It.720p", "Swedish"),
    ("S01E02.French.Letters.720p", ""),
    ("S01E02.Name.FRENCH.AHDTV", "French"),
    ("S01E02.Name.German.DD51.DL.720p", "German Original"),
    # the film's own
    ("1080p Orig", ORIGINAL),
    ("1080p Dub XX + Original", ORIGINAL),
    ("1080p.VOSTFR.VFF", "Original French"),
    ("MULTi.VFF.VO.1080p", "French Original"),
    # an episode's title stands in front
    ("Sisters.In.Arms.GERMAN.DUBBED.FS.WEBRip", "German"),
    ("Some.Title.German.Dubbed.2003.DOKU.DVDRip", "German"),
    ("Some.Title.German.DUBBED.AmazonHD.x264", "German"),
    ("Pilot.English", "English"),
    # Chinese and Japanese have no blanks
    ("[国语][1080p]", "Chinese"),
    ("[国英双语][1080p]", "Chinese English"),
    ("[简繁内封字幕]", "Chinese Original"),
    ("[CHT][1080p]", "Chinese Original"),
    ("[GB] 1080p", "Chinese Original"),
    ("1080p 日本語", "Japanese"),
]
NOT_SPOKEN = [
    "1080p.BluRay.x264",
    "En.1080p",
    "1080p.DTS-ES.AC3",
    "Germany.1080p",
    "1080p 1.1 GB",
    "Cat.1080p",
    "1080p.Fin",
    "1080p.HR.WS.SE.HI.MA",
    "The.French.Connection.1080p",
    "My.Italian.Aunt.720p",
    "Netflix Original 1080p",
    "1080p.Original.Cut",
    # subtitles
    "1080p NLsubs",
    "1080p [EngSub]",
    "1080p [Eng-Subs]",
    "1080p (Subs: Eng)",
    "1080p Subs (Eng, Spa)",
    "1080p Sub 2xUkr/Eng",
    "Fre.Ita.Ger.Sub.1080p",
    "PL-SUB.1080p",
    "SUB-PL.1080p",
    "1080p RoSubbed",
    "1080p Softsubs",
    "1080p Multiple Subtitle",
    "GERMAN.SUBBED.1080p",
]


@pytest.mark.parametrize(("tags", "languages"), SPOKEN)
def test_the_languages_that_are_spoken_are_read_in_their_order(tags, languages):
    assert read(tags).languages == tuple(name.replace("_", " ") for name in languages.split())


@pytest.mark.parametrize("name", [name for name, _, _ in LANGUAGES if name.isalpha()])
def test_each_language_is_read_by_its_name(name):
    assert read(f"1080p.{name}.x264").languages == (name,)


@pytest.mark.parametrize("tags", NOT_SPOKEN)
def test_what_is_no_language_or_of_subtitles_claims_nothing(tags):
    assert not read(tags).languages


@pytest.mark.parametrize(
    ("tags", "languages"),
    [
        ("1080p ITA JPN AAC SUB ITA ENG", ("Italian", "Japanese")),
        ("1080p ITA ENG SUB ITA ENG", ("Italian", "English")),
        ("1080p Ukr/Eng | Sub Rus", ("Ukrainian", "English")),
        ("Dub Pol/Eng + Sub ukr 1080p", ("Polish", "English")),
        ("Spa Ger Multi Subs 1080p", ("Spanish", "German")),
        ("(French.Catala.German.Subs).1080p", ("French", "Catalan")),
        ("1080p [Eng Sub][Jpn Audio]", ("Japanese",)),
        ("FRENCH.SUBFORCED.1080p", ("French",)),
    ],
)
def test_subtitles_are_told_apart_from_voices_in_one_name(tags, languages):
    assert read(tags).languages == languages


@pytest.mark.parametrize(
    ("tags", "languages"),
    [
        ("German.DL.1080p.BluRay", ("German", "Original")),
        ("German.DTS.DL.1080p.WEB-DL", ("German", "Original")),
        ("German.ML.1080p", ("German", "English", "Original")),
        ("MULTi.1080p", ("Original",)),
        ("SLOVAK.DUAL.1080p", ("Slovak", "Original")),
        ("1080p [Tamil+English] Dual Audio", ("Tamil", "English")),
    ],
)
def test_one_of_several_is_the_films_own_unless_all_are_named(tags, languages):
    assert (read(tags).languages, read(tags).multi) == (languages, True)


@pytest.mark.parametrize(
    "tags", ["German.WEB-DL", "German.WEB.DL", "1080p Multi-Subs", "1080p MultiSub", "Dual Subs"]
)
def test_a_tag_that_only_looks_like_it_is_not_several(tags):
    assert not read(tags).multi


@pytest.mark.parametrize(
    ("tags", "dubbed"),
    [
        ("GERMAN.DUBBED.1080p", True),
        ("1080p Dublado", True),
        ("1080p HunDub", True),
        ("German.AC3.LD.1080p", True),
        ("1080p.LD", False),
        ("German.1080p", False),
    ],
)
def test_a_dub_is_seen(tags, dubbed):
    assert read(tags).dubbed is dubbed


@pytest.mark.parametrize(
    ("tags", "burnt"),
    [
        ("HC 720p HDRip", True),
        ("1080p.KORSUB.WEBRip", True),
        ("1080p HardSub", True),
        ("720p.HCSUBS", True),
        ("SUBBED.720p", True),
        ("1080p RoSubbed", False),
        ("GERMAN.SUBBED.1080p", False),
        ("1080p [Softsubs]", False),
        ("1080p EngSub", False),
        ("1080p NLsubs", False),
        ("1080p Multi Subs", False),
    ],
)
def test_subtitles_burnt_into_the_picture_are_seen(tags, burnt):
    assert read(tags).hardcoded_subtitles is burnt


@pytest.mark.parametrize(
    ("tags", "group"),
    [("1080p.x264-KAN.AND.LIT", "KAN.AND.LIT"), ("[1080p] [YTS.LT]", "YTS.LT"), ("1080p-IT", "IT")],
)
def test_the_name_of_the_group_is_no_language(tags, group):
    assert not read(tags, group).languages


@pytest.mark.parametrize(
    ("tags", "languages"),
    [
        ("German.DL.PAL.DVDR", ("German", "Original")),
        ("STV.READNFO.FRENCH.NTSC.DVDR", ("French",)),
        ("Tam.1080p", ("Tamil",)),
    ],
)
def test_behind_a_film_no_word_is_of_a_title(tags, languages):
    assert read(tags, titled=False).languages == languages


def test_a_group_that_stands_elsewhere_takes_nothing_from_a_word():
    assert read("1080p.ENGLISH", "EN").languages == ("English",)


def test_a_group_that_is_named_for_its_chinese_subtitles_makes_them():
    assert read("1080p", "某字幕组").languages == ("Chinese", ORIGINAL)
    assert not read("1080p", "Some-Team").languages


@pytest.mark.parametrize(
    ("word", "sure"),
    [("English", True), ("Fra", True), ("FIN", True), ("Fin", False), ("GRP", False), ("", False)],
)
def test_a_word_that_is_sure_to_be_a_language_is_known(word, sure):
    assert is_language(word) is sure


@pytest.mark.parametrize(("word", "usual"), [("ENG", True), ("DE", True), ("VLS", False)])
def test_a_code_that_nobody_would_sign_with_is_known(word, usual):
    assert is_code(word) is usual


@pytest.mark.parametrize(
    ("word", "voice"), [("Dublado", True), ("Subs", True), ("HebDubbed", True), ("Webdub", False)]
)
def test_a_word_that_says_how_a_language_is_there_is_known(word, voice):
    assert is_voice(word) is voice


@given(st.text(max_size=300), st.none() | st.text(max_size=40))
def test_no_text_is_too_odd(tags, group):
    assert isinstance(read(tags, group).languages, tuple)


@pytest.mark.parametrize("part", ["eng ", "sub eng ", "dan-", "a.", "[", "dub", "1x", "ä", "简"])
def test_a_hostile_name_takes_no_time(part):
    start = time.process_time()
    read(part * 5_000)
    assert time.process_time() - start < 0.2
