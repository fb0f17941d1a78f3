"""What everybody may read: results once they are published, the method and the calendar from the day an assessment opens."""

from web.public import files, method, results, words
from web.public.blueprint import blueprint

__all__ = ["blueprint", "files", "method", "results", "words"]
