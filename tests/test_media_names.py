import os

from hypothesis import given
from hypothesis import strategies as st

from movie_sync.media_names import path_of, shown, storable

PATHS = st.one_of(
    st.binary(max_size=40).map(lambda raw: os.fsdecode(raw.replace(b"\0", b""))),
    st.text("a/\uef80\uefff\ue000é\n", max_size=10),
)


@given(PATHS)
def test_each_path_has_a_text_that_leads_back_to_it(path):
    text = storable(path)
    assert text.encode().decode() == text
    assert path_of(text) == path


@given(PATHS, PATHS)
def test_the_text_of_a_folder_begins_the_text_of_what_is_in_it(folder, inner):
    assert storable(folder + "/" + inner) == storable(folder) + "/" + storable(inner)


@given(PATHS)
def test_a_path_in_a_sentence_is_one_line(path):
    assert shown(path).isprintable()


def test_most_paths_are_their_own_text():
    assert storable("/films/Amélie (2001)/静か.mkv") == "/films/Amélie (2001)/静か.mkv"
