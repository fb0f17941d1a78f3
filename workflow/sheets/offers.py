"""The moves a case offers: the buttons of the law with what each asks for and what is still missing, and who else could do more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Proposal
from states.facts import Asked, CaseFacts
from states.machine import missing
from states.moves import Move, moves_from
from states.permissions import may
from states.refusal import Problem
from states.roles import Role
from states.words import N_
from workflow.sheets.view import View, barred

WAITING = N_("Đã có đề xuất đang chờ Chủ tịch Hội đồng xác nhận.")


@dataclass(frozen=True, slots=True)
class Gap:
    """One sentence of what is missing, with the indicators it is about."""

    problem: Problem
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A move as a button: `asks` are the fields of its form, `missing` what still stands in the way, `confirmed_by` who has to agree."""

    trigger: str
    label: str
    asks: tuple[str, ...]
    binding: bool
    missing: tuple[Gap, ...]
    confirmed_by: tuple[Role, ...] = ()
    alone: bool = True
    """Whether it is taken for this case by itself; otherwise only for all of the assessment together."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A move that only others can take from here."""

    label: str
    by: tuple[Role, ...]


def make_offers(session: Session, view: View, facts: CaseFacts) -> tuple[tuple[Offer, ...], tuple[Awaited, ...]]:
    """Return the moves the actor's role has from here, and those that others have; two statements."""
    if view.case.excluded_at is not None:
        return (), ()  # nothing goes on before the chair readmits it
    moves = moves_from(view.state)
    proposed = set(session.scalars(select(Proposal.act).where(Proposal.case_id == view.case.id, Proposal.settled == "")))
    no = barred(session, view)
    return (
        tuple(_offer(move, facts, no, proposed) for move in moves if may(view.actor.role, move.trigger, view.state)),
        tuple(Awaited(move.label, _ordered(move.by)) for move in moves if _is_onward(move) and view.actor.role not in move.by),
    )


def _is_onward(move: Move) -> bool:
    """Whether a move is the usual way on, not one back or around."""
    return move.target.order > move.source.order and (move.batch or not move.confirmed_by)


def _offer(move: Move, facts: CaseFacts, no: Problem | None, proposed: set[str]) -> Offer:
    problems = [problem for problem in missing(move, facts, Asked()) if problem.place not in move.asks]
    gaps = [*([Gap(no)] if no else []), *([Gap(Problem(WAITING))] if move.trigger in proposed else []), *gather(problems)]
    return Offer(move.trigger, move.label, move.asks, move.binding, tuple(gaps), _ordered(move.confirmed_by), not move.proved)


def gather(problems: Sequence[Problem]) -> list[Gap]:
    """Put problems of one sentence together: "Chưa có điểm tự chấm: III.01, III.02"."""
    codes: dict[str, list[str]] = {}
    first: dict[str, Problem] = {}
    for problem in problems:
        first.setdefault(problem.text, problem)
        codes.setdefault(problem.text, []).extend([problem.place] if "." in problem.place else [])
    return [Gap(first[text], tuple(found)) for text, found in codes.items()]


def _ordered(roles: frozenset[Role]) -> tuple[Role, ...]:
    return tuple(role for role in Role if role in roles)
