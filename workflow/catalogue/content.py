"""What a catalogue file holds: the decision (texts, points, bodies) and the guidance laid over it. The dataclasses are the schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from workflow.scoring import Rule, read_rule
from workflow.scoring.reading import keyed, many
from workflow.scoring.values import Code, Date, Digits, Flag, Points, Text, Whole, one_of

STATUSES = ("provisional", "issued")
"""Guidance derived from the wording only ("tạm tính"), and guidance that was issued."""

Codes = Annotated[tuple[str, ...], many(Code)]
Texts = Annotated[tuple[str, ...], many(Text)]


@dataclass(frozen=True)
class Decision:
    """The legal act the catalogue is copied from, the copy it was made of, and whether that was compared with the signed document."""

    number: Text
    date: Date
    in_force: Date
    issuer: Text
    source: Text
    compared_with_signed: Flag
    signer: Text = ""
    replaces: Text = ""


@dataclass(frozen=True)
class OrganisationEntry:
    """One unit or body. `aliases` are other spellings of its name; `position` sorts it before those that go by the alphabet."""

    code: Code
    name: Text
    short_name: Text = ""
    aliases: Texts = ()
    position: Whole = 0


@dataclass(frozen=True)
class IndicatorEntry:
    """A component indicator ("chỉ số thành phần"), verbatim; `note` is the editor's, where the text is odd."""

    code: Code
    local_number: Whole
    points: Points
    bodies: Codes
    title: Text
    self_scored: Flag = True
    applies_to: Codes = ()
    note: Text = ""

    @property
    def number(self) -> int:
        """Return the running number in its set: 9 for IV.09, 0 where the code carries none."""
        last = self.code.rpartition(".")[2]
        return int(last) if last.isdecimal() else 0


@dataclass(frozen=True)
class GroupEntry:
    """A main indicator ("chỉ số chính"); may hang under another, and apply to some units only."""

    number: Code
    title: Text
    indicator_count: Whole
    points: Points
    indicators: Annotated[tuple[IndicatorEntry, ...], many(IndicatorEntry)] = ()
    short_title: Text = ""
    parent: Code = ""
    applies_to: Codes = ()


@dataclass(frozen=True)
class SetEntry:
    """One annex: for which kinds of units, how many of them, and what it adds up to."""

    code: Code
    title: Text
    ranking_group: Text
    unit_kinds: Codes
    unit_count: Whole
    indicator_count: Whole
    total: Points
    groups: Annotated[tuple[GroupEntry, ...], many(GroupEntry)]

    def indicators(self) -> Iterator[tuple[GroupEntry, IndicatorEntry]]:
        """Yield every indicator with its group, in the order written."""
        return ((group, indicator) for group in self.groups for indicator in group.indicators)


@dataclass(frozen=True)
class GuidanceEntry:
    """How one indicator is scored and proved; the rule is none only in a file that has problems."""

    rule: Annotated[Rule | None, read_rule]
    status: Annotated[str, one_of(STATUSES)]
    evidence: Texts
    hint: Text = ""


@dataclass(frozen=True)
class CatalogueContent:
    """One catalogue file, read. Organisations are keyed by kind, guidance by the code of its indicator."""

    code: Code
    title: Text
    namespace: Code
    decimals: Digits
    decision: Decision
    organisations: Annotated[
        Mapping[str, tuple[OrganisationEntry, ...]], keyed(Annotated[tuple[OrganisationEntry, ...], many(OrganisationEntry)])
    ]
    sets: Annotated[tuple[SetEntry, ...], many(SetEntry)]
    guidance: Annotated[Mapping[str, GuidanceEntry], keyed(GuidanceEntry)]

    def by_code(self) -> Mapping[str, tuple[str, OrganisationEntry]]:
        """Return code → (kind, organisation)."""
        return {one.code: (kind, one) for kind, listed in self.organisations.items() for one in listed}

    def units_of(self, chosen: SetEntry) -> list[OrganisationEntry]:
        """Return the units assessed by a set."""
        return [one for kind in chosen.unit_kinds for one in self.organisations.get(kind, ())]

    def bodies(self) -> frozenset[str]:
        """Return the codes of all that grade something: the annex column is what makes a body."""
        return frozenset(body for chosen in self.sets for _, indicator in chosen.indicators() for body in indicator.bodies)
