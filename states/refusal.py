"""What the workflow says when it does not do a thing: a list of problems, each at its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in the way. `text` is a Vietnamese source string with %(name)s places, `place` a field or an indicator code."""

    text: str
    place: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        """The Vietnamese sentence, for logs and the command line."""
        said = self.text % self.params if self.params else self.text
        return f"{self.place}: {said}" if self.place else said


class Refused(Exception):  # noqa: N818  (a refusal is an answer, not a fault)
    """The law or the data says no; nothing was written. Carries every problem at once."""

    def __init__(self, problems: Sequence[Problem] | Problem | str) -> None:
        """Take one or many problems; a bare string is a problem without a place."""
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems))


class NotFound(Exception):  # noqa: N818  (an answer: for this person it does not exist)
    """The thing is not there, or not for this person: outside they are the same (404)."""


class Stale(Exception):  # noqa: N818  (an answer: somebody was quicker)
    """The row changed since the page was made; carries what is stored now, so both can be shown."""

    def __init__(self, current: object) -> None:
        """Keep the present version (a dataclass of the sheet) for the clash row."""
        self.current = current
        super().__init__("changed since the page was made")
