import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movie_sync.release_groups import find_group

FILM = "Film.1999.1080p.BluRay.DTS.x264"

BEHIND_A_DASH = [
    (f"{FILM}-GRP", "GRP"),
    ("Film 1999 1080p BluRay x264 - GRP", "GRP"),
    ("Film 1999 720p WEB EAC3 -Grép", "Grép"),
    ("Film_1999_1080p_BluRay_x264-GRP", "GRP"),
    ("Film.1999-GRP", "GRP"),
    ("Film.1999.PROPER-GRP", "GRP"),
    ("Film.1999.German-GRP", "GRP"),
    ("Film.1999.DVDRip.XviD.ENG-ITA-GRP", "GRP"),
    ("Film (1999) [Bluray-1080p][DTS 5.1][x264]-GRP", "GRP"),
    ("Film (1999) (1080p BDRip DDP2.0 x265) - GRP", "GRP"),
    ("Film (1999) (1080p WEB-DL DDP 5.1 English - GRP)", "GRP"),
    ("Film 1999 1080p WEB-DL Atmos Encoder-GRP", "GRP"),
    ("Film 1999 [720p] [WEB-DL-GRP] [x264]", "GRP"),
    ("Film.1999.2160p.WEB-DL.Atmos-904217", "904217"),
    ("Film.1999.PAL.DVD-R-GRP", "GRP"),
    ("Film.1999.NTSC.MDVDR-GRP", "GRP"),
    ("Film.1999.1080p.UPSCALED-GRP", "GRP"),
    ("Film.1999.COMPLETE.BLURAY-VLS", "VLS"),  # a code that is hardly one of a language
    ("Film.1999.1080p.WEB-DL.H.264-NL", "NL"),
    ("Film 1999 720p BluRay - x265 - 999MB - GRP", "GRP"),
]
WITH_A_HYPHEN_OR_MORE_WORDS = [
    (f"{FILM}-D-Z0N3", "D-Z0N3"),
    (f"{FILM}.D-Z0N3", "D-Z0N3"),
    (f"{FILM}.-AB-PROD", "AB-PROD"),
    (f"{FILM}-AB-TV", "AB-TV"),
    (f"{FILM}-A.B.C", "A.B.C"),
    (f"{FILM}-ONE.TWO.THREE", "ONE.TWO.THREE"),
    ("Film 1999 2160p WEB-DL H265 MKV-ONE TWO THREE", "ONE TWO THREE"),
    ("Film (1999) 1080p WEB-DL H.265-Abc HDTeam", "Abc HDTeam"),
]
SENT_ON = [
    *((f"{FILM}-GRP-{mark}", "GRP") for mark in ("xpost", "Rakuv02", "Obfuscated", "RP-RP", "1")),
    *((f"{FILM}-GRP-{mark}", "GRP") for mark in ("AsRequested", "WhiteRev", "4P", "Scrambled")),
    *((f"{FILM}-GRP{mark}", "GRP") for mark in ("[rartv]", " [eztv]-[site.com]", "[TGx]", " (1)")),
    (f"{FILM}-GRP[www.some-site.org]", "GRP"),
    (f"{FILM}-GRP.[site.re]", "GRP"),
    (f"{FILM}-GRP (Other Title, Multi-Subs)", "GRP"),
    (f"{FILM}-GRP.English", "GRP"),
    (f"{FILM}-GRP_ITA", "GRP"),
    (f"{FILM}-GRP-English", "GRP"),
    (f"{FILM}-GRP.RusSubs", "GRP"),
    (f"{FILM}-GRP - Dual Audio - Dublado", "GRP"),
    (f"{FILM}-GRP.sample", "GRP"),
    (f"{FILM}-GRP.mkv-xpost", "GRP"),
    (f"{FILM}-GRP_iNT", "GRP"),
    ("Film 1999 DVDRip XviD GRP[www.some-site.org]", None),
]
IN_BRACKETS = [
    ("Film (1999) [1080p] [WEBRip] [5.1] [YTS.MX]", "YTS.MX"),
    ("Film (1999) [1080p] [YIFY] [YTS]", "YTS"),
    ("Film (1999) 720p -[YTS.LT]", "YTS.LT"),
    ("Film (1999) [1080p] [SITE.MX]", "SITE.MX"),
    (f"{FILM}-GRP [SITE.MX]", "GRP"),
    ("Film.1999.1080p.BluRay.H.264.YTS.LT", "YTS.LT"),
    ("Show - 12 [1080p][AbcSubs]", "AbcSubs"),
    ("Film_(1999)_(1080p_BluRay_x265_10bit_Maker)_[QxR]", "QxR"),
    ("Film (1999) (1080p BluRay x265 HEVC 10bit AAC 5.1 Korean Maker)", "Maker"),
    ("Film (1999) [1080p x265 10bit S40 Maker]", "Maker"),
    ("Film (1999) (1080p BluRay x265 10bit Maker) [QxR]", "QxR"),
    ("Film (1999) (1080p BD x265-Maker[TAoE])", "TAoE"),
    ("Film (1999) (1080p WEB-DL DDP 5.1 - Maker TAoE)", "TAoE"),
    ("Film 1999 [GRP] [Blu-ray][MKV][1080p][Dual Audio][Softsubs (GRP)]", "GRP"),
    ("Film 1999 [-AB-] [Blu-ray][MKV][1080p][Softsubs (-AB-)]", "-AB-"),
    ("Show - S01E02 - Some Title [GRP]", "GRP"),
    (f"{FILM}-GRP [Other]", "GRP"),
]
BEHIND_A_DOT_OR_BLANK = [
    ("Show.S08E03.720p.WEB.DL.AAC2.0.H.264.GRP", "GRP"),
    ("Film.1999.1080p.WEBRip.x265.EAC3.5.1.GRP", "GRP"),
    ("Film (1983) 720p BluRay x265 YIFY", "YIFY"),
]
NONE = [
    "Film.1999.1080p.WEB-DL",
    "Film 1999 720p Blu-ray",
    "Film.1999.1080p.BluRay.DTS-HD",
    "Film.1999.1080p.BluRay.DTS-ES.5.1.x264",
    "Film.1999.1080p.BluRay.DTS-HD.MA.5.1",
    "Film 1999 1080p WEB-DLRip",
    "Film 1999 HDTV XviD GRP",
    "Film (1999) (2160p BluRay x265 10bit HDR)",
    "Film (1999) [BDRip 720p x264 ES-EU-CAT AC3 5.1 Subs]",
    "Film (1999) [1080p BluRay] [16-bit Audio German] [Two Words]",
    "Film 1999 [1080p] [Remastered]",
    "Film 1999 [1080p] (Director)",
    "Film 1999 H265-Ita-Aac-5-1-Eng",
    "Film 1999 1080p - by Somebody",
    "Film 1999 [720p][繁中]",
    "Film.1999.1080p.WEBRip.Legendado.PT-BR",
    "Film 1999 [1080p][POR-BR][SPA-LA]",
    "Film.1999.French.mHD-1080p",
    "Film 1999 [1080p] [Dual-Subs]",
    "Film.1999.[Bluray720p]",
    "Spider-Man.2002.1080p",
    "Spider-Man",
    "Film (2001) - The Special Edition",
    "Extended - The Story",
    "Show - S01E01 - Pilot",
    "Show.S01E01-Pilot",
    "Show - S03E02 - Harvest [WEBDL-480p]",
    "Show.S01E05.The-Housewarming.WEBDL-720p",
    "Show - 2014-06-02 - Some Person",
    "Show S03E08 October 2, 2009",
    "",
    "-",
    "[]",
]


@pytest.mark.parametrize(
    ("name", "group"),
    BEHIND_A_DASH
    + WITH_A_HYPHEN_OR_MORE_WORDS
    + SENT_ON
    + IN_BRACKETS
    + BEHIND_A_DOT_OR_BLANK
    + [(name, None) for name in NONE],
)
def test_the_group_is_found_where_there_is_one(name, group):
    assert find_group(name, None) == group


@pytest.mark.parametrize(
    ("name", "team", "group"),
    [
        ("Show 3 - 08 [h265-1080p][DEC0DE99]", "Some-Team", "Some-Team"),
        ("Show - S01E07 - A Well-Kept Secret", "Some Team", "Some Team"),
        ("Show [WEB][720p][AVC 8bit][Ger Sub] [Batch]", "Some Team", "Some Team"),
        ("Film (2020) [1080p][Uncensored]", "SomeSubs", "SomeSubs"),
        ("Show - 12 [1080p]", "AbcSubs & Others", "AbcSubs & Others"),
        ("Show Web - 12v2 (1080p)", "Some-Team", "Some-Team"),
        ("Film 1999", "DVDRip-ITA", None),
        (f"{FILM}-GRP", "Some-Team", "GRP"),
        (f"{FILM}-GRP", "1080p", "GRP"),
        ("Film 1999", "1080p BluRay", None),
        ("Film 1999", "2012", None),
        ("Film 1999", "", None),
    ],
)
def test_a_team_in_front_made_it_unless_someone_signed_at_the_end(name, team, group):
    assert find_group(name, team) == group


@given(st.text(max_size=300), st.none() | st.text(max_size=40))
def test_no_text_is_too_odd(name, team):
    find_group(name, team)


@pytest.mark.parametrize(
    "part", ["-", "a-", "x264-", "[", "[a]", "(", "((a)", "-1", " Eng", ".", "a"]
)
def test_a_hostile_name_takes_no_time(part):
    start = time.process_time()
    find_group(part * 10_000, None)
    assert time.process_time() - start < 0.1
