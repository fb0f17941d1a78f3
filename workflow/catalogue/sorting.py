"""Vietnamese order as a plain ASCII key, because neither database sorts Đ after D by itself."""

import unicodedata

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Combining marks in the order of Vietnamese dictionaries: huyền, hỏi, ngã, sắc, nặng; no mark comes first."""

PLAIN = {letter: unicodedata.normalize("NFD", letter)[0].replace("đ", "d") for letter in ALPHABET}
RANK = {letter: str([other for other in ALPHABET if PLAIN[other] == PLAIN[letter]].index(letter)) for letter in ALPHABET}


def sort_key(name: str) -> str:
    """Return the key of a name: syllable by syllable, letters first, then the tone. Equal however the tone mark is placed (òa, oà)."""
    return "".join(_syllable(word) for word in name.lower().split() if any(sign.isalnum() for sign in word))


def _syllable(word: str) -> str:
    """Return letter and rank of each letter, then the tone: "hòa" and "hoà" give the same."""
    tone, letters = 0, ""
    for sign in unicodedata.normalize("NFD", word):
        tone = TONES.get(sign, tone)
        letters += "" if sign in TONES else sign
    whole = unicodedata.normalize("NFC", letters)
    return "".join(PLAIN.get(letter, letter) + RANK.get(letter, "0") for letter in whole if letter.isalnum()) + str(tone)
