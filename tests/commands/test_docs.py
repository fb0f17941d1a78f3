import pytest

from commands.docs import DOCS, PAGES


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_says_what_the_code_says(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"
