"""Plays a season with plausible people, numbers and papers through the same workflow functions as the pages; same seed, same result."""
