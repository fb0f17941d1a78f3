"""Sheets: what pages read. Frozen dataclasses filled by a constant number of statements, with permissions and visibility applied."""
