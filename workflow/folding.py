"""Folding for search: what is typed without marks finds what is written with them (hoang mai finds Hoàng Mai; Hòa = Hoà)."""

import unicodedata


def folded(text: str) -> str:
    """Return text in lower case without any mark; đ counts as d, and every run of spaces as one."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())
