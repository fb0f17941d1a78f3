"""Grading: the queue by indicator, the grids of one indicator over all its units and of one case, and the acts of the bodies."""

from web.grading import acts, case, grid, queue, saving
from web.grading.blueprint import blueprint

__all__ = ["acts", "blueprint", "case", "grid", "queue", "saving"]
