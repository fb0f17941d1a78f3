"""Loads the demo: the decision, its people, the published year 2025 and the year 2026 in the state asked for."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from commands.simulation import play
from commands.simulation.people import seed_people
from commands.simulation.stage import Stage, set_stage
from models.session import reading, transaction
from models.tables import Assessment, Case, Notification, Organisation, Person
from settings import ROOT
from states.case import CaseState
from workflow.actor import SYSTEM
from workflow.catalogue.importing import import_catalogue
from workflow.clock import set_working_clock
from workflow.evidence_store import EvidenceStore
from workflow.preparing import Dates

CODE = "hanoi-5279-2025"
CATALOGUE = ROOT / "catalogues" / f"{CODE}.toml"
MIXED = "mixed"
CALENDARS = {
    2025: Dates(date(2025, 11, 10), date(2025, 12, 15), date(2026, 1, 14), date(2026, 2, 27)),
    2026: Dates(date(2026, 11, 9), date(2026, 12, 15), date(2027, 3, 26), date(2027, 5, 7)),
}
SHARES = (
    (CaseState.DRAFT, 20), (CaseState.SELF_SCORED, 45), (CaseState.ROUND1_REVIEWED, 12),
    (CaseState.EXPLANATION_REQUESTED, 36), (CaseState.ROUND2_FINAL, 30),
)  # fmt: skip
"""How many of the 143 cases stand in each state of the mixed year."""
SHOWN = {"00004": CaseState.DRAFT, "00008": CaseState.EXPLANATION_REQUESTED, "SKHCN": CaseState.ROUND2_FINAL, "SYT": CaseState.SELF_SCORED}
"""Units whose state the guide through the demo counts on."""
SILENT = {2025: frozenset({"10489"}), 2026: frozenset({"10489", "10030"})}
"""Units that never submit."""

Say = Callable[[str], None]


def load_demo(engine: Engine, store: EvidenceStore, at: str, say: Say, *, seed: int = 1) -> datetime:
    """Fill an empty, migrated database; return the moment the working clock is set to."""
    people = load_catalogue(engine)
    _published_year(engine, store, people, say, seed)
    now = _second_year(engine, store, people, at, say, seed)
    with transaction(engine) as session:
        set_working_clock(session, now)
        _forget_old_words(session, now)
    return now


def _forget_old_words(session: Session, now: datetime) -> None:
    """Let the demo's mail begin today: what was owed in the played past is not sent any more."""
    old = update(Notification).where(Notification.owed_at < now - timedelta(days=1))
    session.execute(old.values(skipped_at=now, skipped_reason="Việc đã qua trước khi bản trình diễn bắt đầu."))


def load_catalogue(engine: Engine) -> dict[str, int]:
    """Import the decision with its organisations and write the demo people; return address → person."""
    with transaction(engine) as session:
        import_catalogue(session, SYSTEM, CATALOGUE.read_bytes(), CATALOGUE.name)
        seed_people(session)
        return people_of(session)


def people_of(session: Session) -> dict[str, int]:
    """Return address → person."""
    return dict(session.execute(select(Person.email, Person.id)).all())


def units_of(engine: Engine, slug: str) -> list[str]:
    """Return the units of an assessment in the order of their cases."""
    query = select(Organisation.code).join(Case, Case.unit_id == Organisation.id).join(Assessment, Assessment.id == Case.assessment_id)
    with reading(engine) as session:
        return list(session.scalars(query.where(Assessment.slug == slug).order_by(Case.id)))


def _published_year(engine: Engine, store: EvidenceStore, people: dict[str, int], say: Say, seed: int) -> None:
    """Play 2025 to the end: published, with one case reopened on the way and one corrected after."""
    stage = _stage(engine, store, people, 2025, "", seed)
    play.play(stage, say)
    play.reopen_one(stage, "00025")
    play.publish(stage, "1024/QĐ-UBND", say)
    play.correct_one(stage, "00256")
    play.publish(stage, "1187/QĐ-UBND", say)


def _second_year(engine: Engine, store: EvidenceStore, people: dict[str, int], at: str, say: Say, seed: int) -> datetime:
    stage = _stage(engine, store, people, 2026, at, seed)
    now = play.play(stage, say)
    if at == CaseState.PUBLISHED:
        play.publish(stage, "958/QĐ-UBND", say)
    return stage.now if at == CaseState.PUBLISHED else now


def _stage(engine: Engine, store: EvidenceStore, people: dict[str, int], year: int, at: str, seed: int) -> Stage:
    play.open_season(engine, people, CODE, year, CALENDARS[year])
    units = units_of(engine, str(year))
    stage = set_stage(engine, store, str(year), seed, targets_for(units, at or CaseState.ROUND2_FINAL.value))
    stage.never_submit = SILENT[year] if at != CaseState.DRAFT else frozenset()
    return stage


def targets_for(units: list[str], at: str) -> dict[str, CaseState]:
    """Return how far each unit goes: all to one state, or spread over the first five."""
    if at != MIXED:
        target = CaseState.ROUND2_FINAL if at == CaseState.PUBLISHED else CaseState(at)
        return dict.fromkeys(units, target)
    spread = [state for state, count in SHARES for _ in range(count)]
    step = next(n for n in (37, 41, 43) if len(units) % n)
    return {unit: SHOWN.get(unit, spread[(place * step) % len(spread)]) for place, unit in enumerate(units)}


def evidence_store(data: Path) -> EvidenceStore:
    """Return the store of a demo folder."""
    return EvidenceStore(data / "evidence")
