"""On which line of a TOML file a thing stands, so that a problem can be found without counting brackets."""

import re
from collections import Counter

from workflow.scoring.reading import Trail, spell

KEY = r"(?:\"[^\"]*\"|'[^']*'|[\w-]+)"
HEADER = re.compile(rf"\s*(\[\[?)\s*({KEY}(?:\s*\.\s*{KEY})*)\s*\]")
ASSIGNMENT = re.compile(rf"\s*({KEY}(?:\s*\.\s*{KEY})*)\s*=")
ELEMENT = re.compile(r"\s*(?:\{|\"|\[)")


class Lines:
    """The lines of one file, by the path of what they say. Best effort: a place it does not know is told by what surrounds it."""

    def __init__(self, text: str, name: str) -> None:
        """Scan `text` once; `name` is how people call the file."""
        self.name = name
        self.at: dict[Trail, int] = {}
        self._counts: Counter[Trail] = Counter()
        self._table: Trail = ()
        self._last: Trail = ()
        for number, line in enumerate(text.splitlines(), 1):
            self._scan(number, line)

    def tell(self, trail: Trail) -> str:
        """Return "file:line path", as compilers do."""
        known = next((trail[:length] for length in range(len(trail), 0, -1) if trail[:length] in self.at), ())
        return f"{self.name}:{self.at.get(known, 1)} {spell(trail)}".rstrip()

    def _scan(self, number: int, line: str) -> None:
        if header := HEADER.match(line):
            self._table = self._last = self._enter(_keys(header[2]), repeated=header[1] == "[[")
            self.at.setdefault(self._table, number)
        elif assignment := ASSIGNMENT.match(line):
            keys = _keys(assignment[1])
            self._last = self._table + keys
            for length in range(1, len(keys) + 1):
                self.at.setdefault(self._table + keys[:length], number)
        elif ELEMENT.match(line):
            self.at[(*self._last, self._counts[self._last])] = number
            self._counts[self._last] += 1

    def _enter(self, keys: Trail, *, repeated: bool) -> Trail:
        """Return the full path of a header: every list on the way stands at its last element."""
        path: Trail = ()
        for position, key in enumerate(keys, 1):
            path = (*path, key)
            if repeated and position == len(keys):
                self._counts[path] += 1
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return path


def _keys(dotted: str) -> Trail:
    """Split sets."a.b".c into its keys."""
    return tuple(key.strip("\"'") for key in re.findall(KEY, dotted))
