"""Grading: the queue by indicator, the grid of one indicator over all its units, and the acts of the bodies."""

from web.grading import acts, grid, queue, saving
from web.grading.blueprint import blueprint

__all__ = ["acts", "blueprint", "grid", "queue", "saving"]
