"""What is written into a cell is never a formula and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.commons.cells import NotText, decoded, guarded, unguarded


@given(st.text(max_size=30))
def test_a_guarded_cell_begins_no_formula_and_comes_back_as_it_was(text):
    cell = guarded(text)

    assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r")
    assert unguarded(cell) == text or text.startswith("'")


@pytest.mark.parametrize("text", ["'t Hooft", "Poireaux", "", "'"])
def test_an_apostrophe_that_guards_nothing_stays(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_as_spreadsheets_save_it(encoding):
    assert decoded("email;nom\na@b.fr;Zoé".encode(encoding)) == "email;nom\na@b.fr;Zoé"


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"PK\x03\x04 zip", b"\xef\xbb\xbf\xff", b"a\x81b"])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(NotText):
        decoded(data)
