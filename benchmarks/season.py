"""A season in which every act is one transaction, as it is when people work: saves, submissions, grades, signatures."""

import time
from dataclasses import dataclass
from pathlib import Path

from commands.simulation.load import CALENDARS, CODE, load_catalogue, units_of
from commands.simulation.plausible import answer
from commands.simulation.play import open_season
from commands.simulation.stage import Stage, set_stage
from models.migrations import upgrade
from models.session import make_engine
from states.case import CaseState
from states.facts import Asked
from workflow.drafting import Draft, save_self_score
from workflow.evidence_store import EvidenceStore
from workflow.grading import Grade, save_grade
from workflow.move import move_case


@dataclass(frozen=True, slots=True)
class Pace:
    """How many acts in how many seconds."""

    acts: int
    seconds: float

    @property
    def rate(self) -> float:
        """Acts per second."""
        return self.acts / self.seconds


def play_season(path: Path, cases: int) -> Pace:
    """Open a season and time `cases` units (communes) from first save to last grade."""
    engine = make_engine(f"sqlite:///{path}")
    upgrade(f"sqlite:///{path}")
    people = load_catalogue(engine)
    open_season(engine, people, CODE, 2025, CALENDARS[2025])
    units = units_of(engine, "2025")[-cases:]
    stage = set_stage(engine, EvidenceStore(path.parent / "evidence"), "2025", 1, dict.fromkeys(units, CaseState.SELF_SCORED))
    started = time.perf_counter()
    acts = sum(_unit(stage, unit) for unit in units)
    acts += sum(_grades(stage, unit) for unit in units)
    pace = Pace(acts, time.perf_counter() - started)
    engine.dispose()
    return pace


def _unit(stage: Stage, unit: str) -> int:
    random = stage.random("bench", unit)
    for duty in stage.duties[unit]:
        with stage.acting(f"unit.{unit.lower()}") as (session, actor):
            draft = Draft(answer(duty.rule, duty.maximum, random, 0.9), "Số liệu tổng hợp cuối năm.", 0)
            save_self_score(session, actor, stage.slug, unit, duty.code, draft)
    with stage.acting(f"head.{unit.lower()}") as (session, actor):
        move_case(session, actor, stage.slug, unit, "submit", Asked(declared=True))
    return len(stage.duties[unit]) + 1


def _grades(stage: Stage, unit: str) -> int:
    done = 0
    for duty in stage.duties[unit]:
        for body in duty.bodies:
            with stage.acting(f"grader.{body.lower()}") as (session, actor):
                save_grade(session, actor, stage.slug, unit, duty.code, Grade(duty.maximum // 2, 0, "Theo tài liệu kiểm chứng."))
            done += 1
    return done
