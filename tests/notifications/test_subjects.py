"""A subject is read as it was written: whoever decodes it finds every space, however long it is."""

import email
import email.policy
import random

import pytest

from notifications.kinds import KINDS
from notifications.smtp import Server, letter

SERVER = Server("smtp", "127.0.0.1", 25, "", "", "thamdinh@thamdinh.example", "thamdinh.example")
WORDS = [
    "Hồ", "sơ", "bị", "loại", "khỏi", "kỳ", "đánh", "giá", "[Thẩm", "định", "2026]", "được", "dời", "tới", "UBND", "chuyển", "đổi", "số",
]  # fmt: skip


def read_back(subject):
    """Return the subject as a mail program shows it, after looking that no line of the head is too long (RFC 5322, 2.1.1)."""
    raw = letter(SERVER, "a@b.example", "<1@thamdinh.example>", subject, "x").as_bytes()
    assert all(len(line) <= 78 for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n"))
    return email.message_from_bytes(raw, policy=email.policy.default)["Subject"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_subject_comes_out_as_it_went_in(kind):
    for said in (kind.subject.vi, kind.subject.en):
        for subject in (said, f"[Thẩm định 2026] {said}", f"[Thẩm định 2026] {said} · {said}"):
            assert read_back(subject) == subject


def test_so_does_any_other():
    chosen = random.Random(5279)
    for _ in range(300):
        subject = " ".join(chosen.choices(WORDS, k=chosen.randint(1, 30)))
        assert read_back(subject) == subject
