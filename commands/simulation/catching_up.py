"""Plays on from where each case stands now, so that some cases can be left to people while all others go ahead."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from commands.simulation import body_side, council_side, unit_side
from commands.simulation.stage import Stage, set_stage
from models.session import reading, transaction
from models.tables import Assessment, Case, Organisation
from states.case import CaseState
from states.clocks import Clock, end_of_day
from states.refusal import Refused
from workflow.calendar import calendar_of
from workflow.clock import read_working_clock, set_working_clock
from workflow.evidence_store import EvidenceStore

Say = Callable[[str], None]
S = CaseState


def stage_of(engine: Engine, store: EvidenceStore, slug: str, units: Iterable[str], until: CaseState, seed: int = 1) -> Stage:
    """Set the stage of an assessment as it stands, with these units, at the working clock's moment."""
    stage = set_stage(engine, store, slug, seed, dict.fromkeys(units, until))
    with reading(engine) as session:
        stage.now = read_working_clock(session)
    return stage


def play_on(stage: Stage, say: Say) -> dict[str, CaseState]:
    """Take every case on stage as far as its target; return unit → state of those that did not arrive."""
    steps = ((S.SELF_SCORED, _submit), (S.ROUND1_REVIEWED, _round_1), (S.EXPLANATION_REQUESTED, _explain), (S.ROUND2_FINAL, _final))
    for reached, step in steps:
        if stage.reaching(reached):
            step(stage, say)
    return {unit: state for unit, state in standing_at(stage).items() if state.order < stage.targets[unit].order}


def keep_open(stage: Stage) -> list[str]:
    """Let the secretariat extend the cases on stage whose time ran out while the others went on, or is about to; return which."""
    given: list[str] = []
    soon = end_of_day((stage.now + timedelta(days=7)).date())
    for clock, state in ((Clock.SELF_SCORE, S.DRAFT), (Clock.EXPLANATION, S.EXPLANATION_REQUESTED)):
        for unit, until in _ends(stage, clock, _at(stage, state)).items():
            if until <= stage.now + timedelta(days=2):
                with suppress(Refused):  # sent already
                    council_side.give_time(stage, [unit], soon)
                    given.append(unit)
    return given


def standing_at(stage: Stage) -> dict[str, CaseState]:
    """Return unit → state of the cases on stage that take part."""
    with reading(stage.engine) as session:
        return {unit: CaseState(case.state) for unit, case in _cases(session, stage).items() if case.excluded_at is None}


def _cases(session: Session, stage: Stage) -> dict[str, Case]:
    query = select(Organisation.code, Case).join(Case, Case.unit_id == Organisation.id)
    query = query.join(Assessment, Assessment.id == Case.assessment_id).where(Assessment.slug == stage.slug)
    return dict(session.execute(query.where(Organisation.code.in_(stage.targets)).order_by(Case.id)).all())


def _at(stage: Stage, state: CaseState) -> list[str]:
    return [unit for unit, now in standing_at(stage).items() if now is state]


def _go(stage: Stage, moment: datetime) -> None:
    """Move the working clock on, for everybody: what is played now must not lie in the others' future."""
    stage.now = max(stage.now, moment)
    with transaction(stage.engine) as session:
        set_working_clock(session, stage.now)


def _each(units: Iterable[str], act: Callable[[list[str]], None]) -> None:
    """Let each unit act by itself; whoever is refused stays where it is and is named at the end."""
    for unit in units:
        with suppress(Refused):
            act([unit])


def _submit(stage: Stage, say: Say) -> None:
    drafts = _at(stage, S.DRAFT)
    if not drafts:
        return
    say(f"{stage.slug}: {len(drafts)} đơn vị điền nốt và nộp …")
    soon = end_of_day((stage.now + timedelta(days=7)).date())
    late = [unit for unit, until in _ends(stage, Clock.SELF_SCORE, drafts).items() if until <= stage.now + timedelta(days=2)]
    _each(late, lambda one: council_side.give_time(stage, one, soon))
    _each(drafts, lambda one: unit_side.complete(stage, one))
    _go(stage, stage.now + timedelta(days=1))
    _each(drafts, lambda one: unit_side.hand_in(stage, one))


def _round_1(stage: Stage, say: Say) -> None:
    units = _at(stage, S.SELF_SCORED)
    if not units:
        return
    say(f"{stage.slug}: thẩm định vòng 1 cho {len(units)} hồ sơ …")
    _go(stage, stage.now + timedelta(days=2))
    body_side.answer_requests(stage, units)
    council_side.settle_requests(stage, units)
    council_side.name_graders(stage, units)
    body_side.grade(stage, units)
    council_side.grade_instead(stage, units)
    council_side.settle_disputes(stage, units)
    _go(stage, stage.now + timedelta(days=1))
    council_side.batch(stage, "secretariat.skhcn", "release_round_1", units, whole=False)


def _explain(stage: Stage, say: Say) -> None:
    if released := _at(stage, S.ROUND1_REVIEWED):
        council_side.batch(stage, "secretariat.skhcn", "request_explanation", released, whole=False)
        _go(stage, stage.now + timedelta(days=1))
    asked = _at(stage, S.EXPLANATION_REQUESTED)
    silent = [unit for unit, until in _ends(stage, Clock.EXPLANATION, asked).items() if until > stage.now]
    say(f"{stage.slug}: {len(silent)} đơn vị giải trình …")
    _each(silent, lambda one: unit_side.explain(stage, one))


def _final(stage: Stage, say: Say) -> None:
    units = _at(stage, S.EXPLANATION_REQUESTED)
    if not units:
        return
    say(f"{stage.slug}: thẩm định vòng 2 và chốt {len(units)} hồ sơ …")
    _go(stage, max(_ends(stage, Clock.EXPLANATION, units).values()) + timedelta(hours=8))
    body_side.grade(stage, units)
    council_side.grade_instead(stage, units)
    council_side.settle_disputes(stage, units)
    council_side.finalise(stage, units, whole=False)


def _ends(stage: Stage, clock: Clock, units: Sequence[str]) -> dict[str, datetime]:
    """Return unit → when this clock runs out for its case."""
    if not units:
        return {}
    with reading(stage.engine) as session:
        cases = _cases(session, stage)
        calendar = calendar_of(session, cases[units[0]].assessment_id)
        return {unit: calendar.until(clock, cases[unit].id) or stage.now for unit in units}
