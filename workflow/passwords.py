"""Passwords: the policy, and Argon2 with at most four hashes computed at once, so that a login storm cannot eat the memory."""

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from states.refusal import Problem
from states.words import N_

SHORTEST = 12
LONGEST = 200
DEMO_PASSWORD = "thamdinh-demo"  # noqa: S105  (printed at the start of the demo, refused everywhere else)

TOO_SHORT = N_("Mật khẩu cần ít nhất %(least)s ký tự. Một câu ngắn dễ nhớ là tốt nhất.")
TOO_LONG = N_("Mật khẩu dài quá %(most)s ký tự.")
TOO_COMMON = N_("Mật khẩu này quá dễ đoán. Chọn một câu mà chỉ mình bạn nghĩ ra.")
ABOUT_ONESELF = N_("Mật khẩu không được chứa tên hoặc địa chỉ thư của mình.")

COMMON = (
    "password", "passw0rd", "matkhau", "123456", "654321", "111111", "000000", "qwerty", "asdfgh", "zxcvbn", "abc123", "abcdef", "iloveyou",
    "admin", "administrator", "welcome", "letmein", "thamdinh", "chuyendoiso", "hanoi", "vietnam", "ubnd", "motcua", "xinchao",
)  # fmt: skip
"""Pieces that make no password by themselves, however often or in whatever order they are repeated."""

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
AT_ONCE = BoundedSemaphore(4)
NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$mtG7Eb7DaDsL2z7bM5YSCA$LNVVSC0b0dQo6BISDArlQ2R2Mq6kOSFUrOqD4L1MnC0"
"""A hash that no password has: checked where there is no account, so that the work is the same."""


def hash_password(password: str) -> str:
    """Return the Argon2id hash of a password (NFC, so that every keyboard writes the same)."""
    with AT_ONCE:
        return HASHER.hash(unicodedata.normalize("NFC", password))


def password_fits(password: str, kept: str | None) -> bool:
    """Return whether a password is the one behind a kept hash; without one the same work is done and the answer is no."""
    with AT_ONCE:
        try:
            HASHER.verify(kept or NOBODY, unicodedata.normalize("NFC", password[:LONGEST]))
        except (Argon2Error, InvalidHashError):
            return False
    return kept is not None


def password_problems(password: str, *about: str, place: str = "password") -> list[Problem]:
    """Return what is wrong with a new password; `about` are the person's name and address."""
    if len(password) < SHORTEST:
        return [Problem(TOO_SHORT, place, {"least": SHORTEST})]
    if len(password) > LONGEST:
        return [Problem(TOO_LONG, place, {"most": LONGEST})]
    plain = password.casefold()
    if any(len(word) >= 4 and word in plain for text in about for word in text.casefold().replace("@", " ").replace(".", " ").split()):  # noqa: PLR2004
        return [Problem(ABOUT_ONESELF, place)]
    return [Problem(TOO_COMMON, place)] if _is_common(plain) else []


def _is_common(plain: str) -> bool:
    for piece in sorted(COMMON, key=len, reverse=True):
        plain = plain.replace(piece, "")
    rest = "".join(sign for sign in plain if sign.isalnum())
    return len(set(rest)) < 5  # noqa: PLR2004  (fewer than five different signs beyond the well-known)
