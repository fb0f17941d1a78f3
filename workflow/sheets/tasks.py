"""One task of "my work": a sentence, by when, and the button that leads to it."""

from dataclasses import dataclass
from datetime import datetime

from states.refusal import Problem


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits. `title` and `text` are sentences with their values; without a path there is nothing to open."""

    icon: str
    title: Problem
    text: Problem | None = None
    until: datetime | None = None
    path: str = ""
    button: str = ""
    first: bool = False
    """The one to do first: its button is filled."""
