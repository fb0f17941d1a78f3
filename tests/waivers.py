"""Tests that CI may skip, each by name with its reason. Anything else that is skipped fails there."""

WAIVED: dict[str, str] = {}
