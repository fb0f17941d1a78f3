"""Merkle trees over canonical leaves (RFC 6962: separate tags for leaf and node), so that one hash stands for many records."""

import hashlib
from collections.abc import Sequence
from typing import Any

from workflow.canonical import canonical

EMPTY = hashlib.sha256(b"").hexdigest()


def leaf(value: Any) -> bytes:  # noqa: ANN401  (anything JSON)
    """Return the hash of one record."""
    return hashlib.sha256(b"\0" + canonical(value)).digest()


def root(values: Sequence[Any]) -> str:
    """Return the root over the records in their order; an odd one out goes up unpaired."""
    level = [leaf(value) for value in values]
    if not level:
        return EMPTY
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0].hex()
