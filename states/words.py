"""Marks Vietnamese source strings for translation at the edge; the law itself speaks one language."""


def N_(text: str) -> str:  # noqa: N802  (gettext's own name for a marker)
    """Return `text` unchanged; Babel extracts it, the web translates it."""
    return text
