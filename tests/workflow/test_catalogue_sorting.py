"""Vietnamese order by a plain key, the same on every database."""

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.catalogue.sorting import sort_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["An Khánh", "Ba Đình", "Ba Vì", "Bạch Mai", "Bát Tràng", "Bất Bạt", "Bình Minh", "Bồ Đề"],
        ["Dân Hòa", "Dương Hòa", "Dương Nội", "Đa Phúc", "Đại Mỗ", "Đan Phượng", "Đoài Phương", "Đông Anh", "Đống Đa"],
        ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "măng", "mân"],
        ["Hoa Xá", "Hòa Lạc", "Hoàn Kiếm", "Hoàng Mai"],
        ["Ô Chợ Dừa", "Ô Diên", "Ơ", "Phú Cát"],
        ["Tây Hồ", "Tây Mỗ", "Tây Phương", "Từ Liêm", "Tương Mai", "Ứng Hòa", "Vân Đình"],
    ],
)
def test_names_are_in_the_order_of_a_vietnamese_dictionary(ordered):
    backwards = ordered[::-1]
    assert sorted(backwards, key=sort_key) == ordered


def test_where_the_tone_stands_and_how_the_text_is_composed_make_no_difference():
    assert sort_key("Hòa Lạc") == sort_key("Hoà Lạc") == sort_key(unicodedata.normalize("NFD", "HÒA  LẠC"))


@given(st.text(max_size=40))
def test_any_name_has_a_key(name):
    assert isinstance(sort_key(name), str)


@given(st.text(alphabet="aăâđêôơư khánhồ", min_size=1))
def test_keys_of_vietnamese_are_plain_letters_and_digits(name):
    assert set(sort_key(name)) <= set(string.ascii_lowercase + string.digits)
