import pytest

from movie_sync.release_media import Media, read_media


@pytest.mark.parametrize(
    ("codec", "written"),
    [
        ("h266", ["x266", "h.266", "vvc"]),
        ("h265", ["x265", "h.265", "h 265", "hevc"]),
        ("h264", ["x264", "h.264", "h264", "avc"]),
        ("av1", ["av1"]),
        ("vc1", ["vc-1", "vc1"]),
        ("mpeg2", ["mpeg2", "mpeg-2"]),
        ("xvid", ["xvid", "x-vid", "divx"]),
        (None, ["2640", "ax264", "avcd"]),
    ],
)
def test_the_codec_is_known_however_it_is_written(codec, written):
    for word in written:
        assert read_media(f".1080p.{word}-grp").codec == codec, word


@pytest.mark.parametrize(
    ("tags", "bits"),
    [
        (".10bit.", 10),
        (" 8-bit ", 8),
        (".12 bits", 12),
        (".hi10p.", 10),
        (".hdr10.", None),
        (" 24-bit audio", None),
    ],
)
def test_the_depth_is_the_pictures(tags, bits):
    assert read_media(tags).bit_depth == bits


@pytest.mark.parametrize(
    ("tags", "hdr"),
    [
        (".hdr.", ("hdr",)),
        (".hdr10.", ("hdr",)),
        (".hdr10+.", ("hdr10+",)),
        (".hdr10plus.", ("hdr10+",)),
        (".hdr10p.", ("hdr10+",)),
        (".dv.hdr.", ("dv", "hdr")),
        (".dovi.", ("dv",)),
        (".dolby vision hdr10+", ("dv", "hdr10+")),
        (".hlg.", ("hdr",)),
        (".sdr.", ()),
    ],
)
def test_the_range_is_read(tags, hdr):
    assert read_media(tags).hdr == hdr


@pytest.mark.parametrize(
    ("tags", "audio", "channels"),
    [
        (".ddp5.1.atmos.", ("atmos", "ddp"), "5.1"),
        (" ddp5 1 ", ("ddp",), "5.1"),
        (".dd+7.1.", ("ddp",), "7.1"),
        (".eac3.", ("ddp",), None),
        (".e-ac-3.5.1.", ("ddp",), "5.1"),
        (".ac3.", ("dd",), None),
        (".dd5.1.", ("dd",), "5.1"),
        (".dd51.", ("dd",), None),
        (".aac2.0.h.264-grp", ("aac",), "2.0"),
        (" aac 2 0 h 264", ("aac",), "2.0"),
        (".dts-hd.ma.5.1.", ("dts-hd ma",), "5.1"),
        (".dts-ma.7.1", ("dts-hd ma",), "7.1"),
        (".dts-hd.hra.", ("dts-hd",), None),
        (".dts-x.7.1.", ("dts:x",), "7.1"),
        (".dts.x264", ("dts",), None),
        (".dts-es.", ("dts-es",), None),
        (".dts5.1.", ("dts",), "5.1"),
        (".truehd.7.1.atmos.", ("atmos", "truehd"), "7.1"),
        (".flac.1.0.", ("flac",), "1.0"),
        (".lpcm2.0.", ("pcm",), "2.0"),
        (".opus.", ("opus",), None),
        (".mp3.2ch", ("mp3",), "2.0"),
        (".aac.6ch.", ("aac",), "5.1"),
        ("[5.1]", (), "5.1"),
        (".h.264.x", (), None),
    ],
)
def test_the_sound_is_read(tags, audio, channels):
    found = read_media(tags)
    assert (found.audio, found.channels) == (audio, channels)


@pytest.mark.parametrize("tags", [".3d.", ".h-sbs.", ".hsbs.", ".half-ou.", ".sbs.", ".mvc."])
def test_a_picture_in_depth_is_seen(tags):
    assert read_media(tags).three_d


@pytest.mark.parametrize(
    ("tags", "service"),
    [
        (".1080p.amzn.web-dl.", "Amazon"),
        (".2160p.nf.webrip.", "Netflix"),
        (".netflixuhd.", "Netflix"),
        (".dsnp.1080p.web", "Disney+"),
        (".max.web-dl.", "HBO Max"),
        (".hmax.hybrid.web-dl", "HBO Max"),
        ("(2160p atv hybrid web-dl)", "Apple TV+"),
        (".it.web-dl.", "iTunes"),
        (" m+ webdl", "Movistar+"),
        (".ip.1080p.bluray", None),
        (".dts-hd.ma.web", None),
        (".mad.max.1080p", None),
        (".1080p.web-dl.", None),
    ],
)
def test_the_streaming_service_is_named(tags, service):
    assert read_media(tags).service == service


def test_nothing_said_is_nothing_claimed():
    assert read_media(" some words without any sign") == Media()
