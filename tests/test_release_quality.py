import pytest

from movie_sync.release_quality import Modifier, Quality, Source, read_quality

REMUX, DISC, RAWHD = Modifier.REMUX, Modifier.DISC, Modifier.RAWHD


def facts(tags: str, **hints: str | None) -> tuple[object, ...]:
    found = read_quality(tags, **hints)
    return found.source, found.resolution, found.modifier


@pytest.mark.parametrize(
    ("source", "written"),
    [
        (Source.WORKPRINT, ["workprint", "wp"]),
        (Source.CAM, ["cam", "camrip", "hdcam", "hd-cam", "hqcam", "newcam", "cam-rip"]),
        (Source.CAM, ["camhd", "s-print", "hq s-print"]),
        (Source.TELESYNC, ["ts", "hdts", "hd-ts", "tsrip", "hdtsrip", "telesync", "telesynch"]),
        (Source.TELESYNC, ["predvd", "pdvdrip", "ts-screener"]),
        (Source.TELECINE, ["tc", "hdtc", "telecine", "hd.tc"]),
        (Source.SCREENER, ["scr", "screener", "dvdscr", "bdscr", "dvd.screener", "webscreener"]),
        (Source.BLURAY, ["bluray", "blu-ray", "blu ray", "blueray", "mbluray", "bdrip", "brrip"]),
        (Source.BLURAY, ["bd", "bdlight", "hdlight", "uhdbd", "uhd2bd", "uhdbdrip", "uhdrip"]),
        (Source.BLURAY, ["hddvd", "hd-dvd", "bdmux", "bluray1080p", "bd720p", "bd-remux"]),
        (Source.BLURAY, ["blurayx264", "bluraymux", "brmux", "bdripmux", "bdmv", "bdr"]),
        (Source.WEBRIP, ["webrip", "web-rip", "web rip", "webmux", "webcap", "web-dlrip"]),
        (Source.WEBDL, ["web-dl", "webdl", "web dl", "web", "webhd", "web-hd", "hdrip", "dlmux"]),
        (Source.WEBRIP, ["dlrip"]),
        (Source.WEBDL, ["web-dlx264", "webh265"]),
        (Source.WEBDL, ["amazonhd", "netflixuhd", "itunessd", "disneyhd", "hbomaxhd", "maxdomehd"]),
        (Source.TV, ["hdtv", "hd-tv", "hd tv", "hd_tv", "sdtv", "sd.tv", "pdtv", "ahdtv", "uhdtv"]),
        (Source.TV, ["dsr", "dsrip", "tvrip", "satrip", "dvbrip", "dvb-t2", "dthrip", "ppv"]),
        (Source.DVD, ["dvd", "dvdrip", "dvd-rip", "dvd9", "dvd-r", "dvdmux", "ntsc", "pal", "r5"]),
        (Source.TV, ["hdtvx264", "hdtvmux", "dttrip", "tvmux"]),
        (Source.DVD, ["vhsrip", "sd-dvd", "xvidvd", "ldrip", "video_ts"]),
    ],
)
def test_each_source_is_known_however_it_is_written(source, written):
    for word in written:
        for tags in (f".1080p.{word}.x264-grp", f" {word} ", f"[{word}]", f"_{word}_aac"):
            assert read_quality(tags).source is source, tags


@pytest.mark.parametrize(
    ("tags", "source"),
    [
        (".1080p.x264-grp", None),
        (".webm", None),
        (".camera.ready", None),
        (".1080p.cam.looks.like.web-dl", Source.CAM),  # what it says besides is there to sell it
        (".mad.max.hd", None),
        (".r.s.v.p.dvdrip", Source.DVD),
    ],
)
def test_no_source_is_read_into_other_words(tags, source):
    assert read_quality(tags).source is source


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        (
            2160,
            [
                "2160p",
                "2160",
                "4k",
                "uhd",
                "ultrahd",
                "3840x2160",
                "3840x1600",
                "4320p",
                "netflixuhd",
            ],
        ),
        (1080, ["1080p", "1080i", "1920x1080", "1920x800", "fhd", "fullhd", "1440p", "1080p60"]),
        (1080, ["4kto1080p", "uhd bluray 1080p", "hd1080p", "web1080p"]),
        (720, ["720p", "720i", "1280x720", "1280x544", "960p"]),
        (576, ["576p", "576i", "720x576", "720*576"]),
        (480, ["480p", "540p", "360p", "848x480", "640x480"]),
        (None, ["hd", "bdrip", "x264", "10bit", "ddp5.1"]),
    ],
)
def test_lines_are_sorted_into_the_usual_steps(lines, written):
    for word in written:
        for tags in (f".{word}.grp", f"[{word}]"):
            assert read_quality(tags).resolution == lines, tags


@pytest.mark.parametrize(
    ("tags", "source", "lines", "modifier"),
    [
        (".2160p.uhd.bluray.remux.hevc-grp", Source.BLURAY, 2160, REMUX),
        (".1080p.bdremux.flac", Source.BLURAY, 1080, REMUX),
        (".2160p-remux", Source.BLURAY, 2160, REMUX),
        (".1080p.avc.remux-grp", Source.BLURAY, 1080, REMUX),
        (".bluray.hybrid-remux.2160p", Source.BLURAY, 2160, REMUX),
        (".dvd.remux", Source.DVD, None, REMUX),
        (".720p.pdtv.x264-abc-remux", Source.TV, 720, None),  # of the group's name
        (".german.ml.1080p.bluray.avc-grp", Source.BLURAY, 1080, REMUX),
        (".german.dl.1080p.bluray.vc-1-grp", Source.BLURAY, 1080, REMUX),
        (".german.ml.2160p.bluray.hevc-grp", Source.BLURAY, 2160, REMUX),
        (".german.dl.1080p.bluray.hevc-grp", Source.BLURAY, 1080, None),
        (".german.dl.1080p.bluray.x264-grp", Source.BLURAY, 1080, None),
        (".german.dl.1080p.web.avc-grp", Source.WEBDL, 1080, None),
        (".complete.bluray-grp", Source.BLURAY, None, DISC),
        (".complete.uhd.bluray-grp", Source.BLURAY, 2160, DISC),
        (".complete.bdr-grp", Source.BLURAY, None, DISC),
        (".bdmv.1080p", Source.BLURAY, 1080, DISC),
        (".complete.nordic.bluray-grp", Source.BLURAY, None, DISC),
        (".s01.complete.1080p.bluray.x264-grp", Source.BLURAY, 1080, None),
        (" bluray iso", Source.BLURAY, None, DISC),
        (".bd50", Source.BLURAY, None, DISC),
        (".1080p.bd-25", Source.BLURAY, 1080, DISC),
        (".bdiso", Source.BLURAY, None, DISC),
        (".br-disk", Source.BLURAY, None, DISC),
        (".full.bluray.1080p", Source.BLURAY, 1080, DISC),
        (" 1080p blu-ray avc dts-hd ma 5.1-grp", Source.BLURAY, 1080, DISC),
        (" 1080p hd dvd vc-1 dd+ 5.1", Source.BLURAY, 1080, DISC),
        (" 2160p uhd blu-ray hevc truehd 7.1-grp", Source.BLURAY, 2160, DISC),
        (" 2160p uhd blu-ray x265 truehd 7.1-grp", Source.BLURAY, 2160, None),
        ("(bd 1080p hevc flac)", Source.BLURAY, 1080, None),
        ("(bd 2160p hevc 10bit truehd)", Source.BLURAY, 2160, None),
        (" bd 5.1 1080p", Source.BLURAY, 1080, None),
        (".pal.dvd9-grp", Source.DVD, None, DISC),
        (".2xdvd5", Source.DVD, None, DISC),
        (".ntsc.mdvdr-grp", Source.DVD, None, DISC),
        (".complete.pal.dvdr", Source.DVD, None, DISC),
        (".dvdrip.xvid", Source.DVD, None, None),
        (".1080i.hdtv.dd5.1.mpeg2-grp", Source.TV, 1080, RAWHD),
        (".720p.raw-hd", Source.TV, 720, RAWHD),
        (".1080i.hdtv.h264-grp", Source.TV, 1080, None),
    ],
)
def test_how_little_was_done_is_seen(tags, source, lines, modifier):
    assert facts(tags) == (source, lines, modifier)


@pytest.mark.parametrize(
    ("tags", "lines"),
    [
        (".bluray", 720),
        (".bdrip.ac3", 480),
        (".bluray.xvid", 480),
        (".bluray.remux", 1080),
        (".complete.bluray", 1080),
        (".hdtv.x264-grp", 480),
        (".pdtv.x264-grp", 480),
        ("[hdtv]", 720),
        (" hd tv", 720),
        (".hr.ws.pdtv.x264", 720),
        (".hdtv.mpeg2", 1080),
        (".web-dl.x264", 480),
        ("[web][mkv]", 720),
        ("[webdl]", 720),
        ("[webrip]", 720),
        (".webrip", 480),
        (".dvdrip", 480),
        (".cam", 480),
        (".x264-grp", 480),
        (".hevc-grp", None),
        (".2160p", 2160),
        ("", None),
    ],
)
def test_where_no_lines_are_said_those_of_custom_are_likely(tags, lines):
    assert read_quality(tags).likely_resolution == lines


@pytest.mark.parametrize(
    ("ending", "source", "lines"),
    [
        ("mkv", None, 720),
        ("mp4", None, 480),
        ("avi", None, 480),
        ("m2ts", Source.BLURAY, 720),
        ("webm", None, None),
    ],
)
def test_the_ending_of_a_file_is_the_last_hint(ending, source, lines):
    found = read_quality("", ending=ending)
    assert (found.likely_source, found.likely_resolution) == (source, lines)
    assert (found.source, found.resolution) == (None, None)
    said = read_quality(".1080p.dvdrip", ending=ending)
    assert (said.likely_source, said.likely_resolution) == (Source.DVD, 1080)


def test_groups_that_take_from_streams_alone_tell_the_source():
    assert read_quality("[540p]", group="SubsPlease").likely_source is Source.WEBDL
    assert read_quality("[540p]", group="SubsPlease").source is None
    assert read_quality("[bd 1080p]", group="SubsPlease").likely_source is Source.BLURAY
    assert read_quality("[540p]", group="Somebody").likely_source is None


def test_nothing_said_is_nothing_claimed():
    assert read_quality(" some words without any sign") == Quality()
