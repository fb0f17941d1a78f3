import pytest

from commands.docs import DOCS, PAGES, README, readme


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_says_what_the_code_says(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


def test_the_picture_in_the_readme_is_as_the_law() -> None:
    assert README.read_text(encoding="utf-8") == readme()
