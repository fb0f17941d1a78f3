"""What was typed into a form whose fields depend on the scoring rule: kept as it came, so that it can be shown again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from web.cases.replies import Told
from web.plain_text import row_number
from web.seat import FIELD as SEAT
from workflow.scoring import Inputs

CARRIED = frozenset({"csrf_token", SEAT})
"""Field names that every form has of its own."""
FIXED = CARRIED | frozenset({"code", "version", "text", "next", "go", "na", "na_reason", "stance", "files", "address"})
"""Field names that are not inputs of a rule."""
OURS = CARRIED | frozenset({"code", "version", "next", "go", "address", "files"})
"""Field names that nobody types."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form, by name, as lists."""

    fields: Mapping[str, list[str]]

    @classmethod
    def of(cls, form: MultiDict[str, str]) -> "Typed":
        """Take what a request carries."""
        return cls(dict(form.lists()))

    def get(self, name: str, otherwise: Any = "") -> Any:  # noqa: ANN401  (text, or a list where several were sent)
        """Return what was typed in a field: its one value (sent once or more), or all of them."""
        values = self.fields.get(name)
        if values is None:
            return otherwise
        return values[0] if len(set(values)) == 1 else values

    def all(self, name: str) -> list[str]:
        """Return every value of a field."""
        return self.fields.get(name, [])

    def one(self) -> dict[str, str]:
        """Return the first value of every field."""
        return {name: values[0] for name, values in self.fields.items() if values}

    def text(self, name: str) -> str:
        """Return one value as text."""
        return (self.fields.get(name) or [""])[0]

    @property
    def version(self) -> int:
        """The version the page was made from; one that is no number matches none."""
        said = self.text("version")
        number = row_number(said)
        return -1 if number is None else number

    def inputs(self) -> Inputs:
        """Return the inputs of the rule."""
        return {name: self.get(name) for name in self.fields if name not in FIXED}

    def shown(self) -> dict[str, Any]:
        """Return every field: its one value, or all of them."""
        return {name: self.get(name) for name in self.fields}

    def kept(self) -> list[tuple[str, str]]:
        """Return what a person typed, by field, to be shown once more and copied."""
        return [(name, ", ".join(values)) for name, values in self.fields.items() if name not in OURS and any(values)]

    def with_version(self, version: int) -> "Typed":
        """Return the same fields as if they had been typed on that version: "write mine"."""
        return Typed({**self.fields, "version": [str(version)]})

    def items(self) -> list[tuple[str, str]]:
        """Return all (name, value) but what the next form has of its own, to be sent once more."""
        return [(name, value) for name, values in self.fields.items() if name not in CARRIED for value in values]


@dataclass(frozen=True, slots=True)
class Again:
    """What a page shows besides its sheet after a save that did not go through."""

    typed: Typed | None = None
    """The form as it was typed."""
    about: Typed | None = None
    """What was typed of a document that was not attached."""
    problems: Told = field(default_factory=list)
    clash: bool = False
    """Somebody else was quicker."""

    @property
    def refused(self) -> bool:
        """Whether what was typed is not what is stored: a time of saving beside it would be read as its own."""
        return self.clash or bool(self.problems)

    @property
    def errors(self) -> dict[str, str]:
        """Place → all that is wrong there."""
        return {place: " ".join(said for at, said in self.problems if at == place) for place, _ in self.problems}
