"""One way to write JSON as bytes, so that a hash means the same everywhere (RFC 8785 for the values we use: no floats)."""

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:  # noqa: ANN401  (anything JSON)
    """Return the canonical bytes: sorted keys, no spaces, UTF-8; a float is a programming error."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_no).encode()


def _no(value: object) -> str:
    raise TypeError(f"not canonical: {type(value).__name__}")


def digest(tag: str, value: Any) -> str:  # noqa: ANN401  (anything JSON)
    """Return the SHA-256 of a value under a domain tag, so that hashes of different kinds can never be mixed up."""
    return hashlib.sha256(tag.encode() + b"\0" + canonical(value)).hexdigest()
