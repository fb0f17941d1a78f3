"""Speed as ratios, measured in one run: the season through the workflow beside the same rows by the bare driver."""
