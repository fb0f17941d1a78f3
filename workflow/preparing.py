"""Preparing an assessment: its year, catalogue, calendar and policies, until it opens (rules section 1, `open`)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.tables import Assessment, Catalogue, Deadline, GuidanceVersion, Holiday, Indicator, IndicatorSet, Organisation
from states.clocks import Clock, end_of_day
from states.policies import BY_NAME, Policy
from states.refusal import NotFound, Problem, Refused
from states.words import N_
from workflow.access import require_assessment
from workflow.actor import Actor
from workflow.clock import working_now
from workflow.journal import FIRST, Chain, record
from workflow.proposals import open_proposals

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{1,31}")
RESERVED = frozenset({"chuan-bi", "moi"})
"""Words that stand in addresses where a slug could."""
CHANGED = N_("Kỳ này vừa được sửa ở nơi khác. Bấm “Lưu” lần nữa để ghi bản của bạn, hoặc tải lại trang để xem bản kia.")
PROPOSED = N_("Đề xuất mở kỳ đang chờ Chủ tịch Hội đồng; rút đề xuất trước khi sửa.")
DISCARDED = "~"
"""Marks the name of an assessment that was put away: nobody can give such a name."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
YEARS_BEYOND = 2
"""A season may end in a later year than the one it assesses."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The calendar of an assessment: days, each including its last second, and days off beyond Vietnam's."""

    opens: date
    self_score: date
    round_1: date
    round_2: date
    explanation_working_days: int = 5
    holidays: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Preparation:
    """What the secretariat fills in. `policies` is name → {value, reference}; `presets` is unit → codes that do not apply."""

    catalogue: str
    year: int
    slug: str
    dates: Dates
    title: str = ""
    policies: Mapping[str, Mapping[str, str | int]] = field(default_factory=dict)
    presets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trial: bool = False
    guidance_document_id: int | None = None
    seen: int | None = None
    """The version that was shown: 0 for a new one, none where nobody looked (the command line)."""


def date_problems(dates: Dates, year: int) -> list[Problem]:
    """Return what is wrong with the calendar: its order, its year, days that are called both off and worked."""
    wanted = (
        (dates.self_score >= dates.opens, "self_score", N_("Hạn tự chấm phải sau ngày mở.")),
        (dates.round_1 > dates.self_score, "round_1", N_("Hạn vòng 1 phải sau hạn tự chấm.")),
        (dates.round_2 > dates.round_1, "round_2", N_("Hạn vòng 2 phải sau hạn vòng 1.")),
        (1 <= dates.explanation_working_days <= 60, "explanation_working_days", N_("Số ngày giải trình phải từ 1 đến 60.")),  # noqa: PLR2004
    )
    problems = [Problem(text, place) for right, place, text in wanted if not right]
    days: dict[str, tuple[date, ...]] = {
        "opens": (dates.opens,), "self_score": (dates.self_score,), "round_1": (dates.round_1,), "round_2": (dates.round_2,),
        "holidays": dates.holidays, "working_days": dates.working_days,
    }  # fmt: skip
    for place, named in days.items():
        astray = [day for day in named if FIRST_YEAR <= year <= LAST_YEAR and not year <= day.year <= year + YEARS_BEYOND]
        about: dict[str, str | int] = {"day": _listed(astray), "first": year, "last": year + YEARS_BEYOND}
        problems += [Problem(N_("Ngày %(day)s không thuộc năm %(first)s đến %(last)s."), place, about)] if astray else []
    both = sorted(set(dates.holidays) & set(dates.working_days))
    if both:
        problems.append(Problem(N_("Ngày %(day)s vừa ghi là ngày nghỉ, vừa ghi là ngày làm bù."), "working_days", {"day": _listed(both)}))
    return problems


def _listed(days: Sequence[date]) -> str:
    return ", ".join(f"{day:%d/%m/%Y}" for day in days)


def policy_problems(policies: Mapping[str, Mapping[str, str | int]]) -> list[Problem]:
    """Return policies that do not exist or have a value outside their choices."""
    problems = []
    for name, given in policies.items():
        policy = BY_NAME.get(name)
        if policy is None or (policy.choices and not _fits(policy, given.get("value"))):
            problems.append(Problem(N_("Giá trị không hợp lệ."), f"policy_{name}"))
        elif not _fits(policy, given.get("value")):
            about = {"least": policy.least, "most": policy.most}
            problems.append(Problem(N_("Cần ghi một số từ %(least)s đến %(most)s."), f"policy_{name}", about))
    return problems


def _fits(policy: Policy, value: object) -> bool:
    if policy.choices:
        return value in {choice for choice, _ in policy.choices}
    return isinstance(value, int) and policy.least <= value <= policy.most


def name_problems(wanted: Preparation) -> list[Problem]:
    """Return what is wrong with year and slug: the slug stands in addresses."""
    problems = []
    if wanted.slug in RESERVED:
        problems.append(Problem(N_("Tên “%(slug)s” đã dành cho một trang của hệ thống. Hãy chọn tên khác."), "slug", {"slug": wanted.slug}))
    elif not SLUG.fullmatch(wanted.slug):
        problems.append(Problem(N_("Chỉ dùng chữ thường không dấu, số và dấu gạch nối, từ 2 đến 32 ký tự."), "slug"))
    if not FIRST_YEAR <= wanted.year <= LAST_YEAR:
        problems.append(Problem(N_("Năm phải từ %(first)s đến %(last)s."), "year", {"first": FIRST_YEAR, "last": LAST_YEAR}))
    return problems


def preset_problems(session: Session, catalogue_id: int, presets: Mapping[str, Sequence[str]]) -> list[Problem]:
    """Return presets that name no unit, or an indicator that the unit's set does not have."""
    sets = select(IndicatorSet.unit_kinds, Indicator.code).join(Indicator, Indicator.indicator_set_id == IndicatorSet.id)
    codes: dict[str, set[str]] = {}
    for kinds, code in session.execute(sets.where(IndicatorSet.catalogue_id == catalogue_id)):
        for kind in kinds:
            codes.setdefault(kind, set()).add(code)
    units = select(Organisation.code, Organisation.kind).where(Organisation.is_unit.is_(True), Organisation.code.in_(presets))
    kind_of = dict(session.execute(units).all())
    problems = [Problem(N_("Không có đơn vị mã “%(unit)s”."), "presets", {"unit": unit}) for unit in presets if unit not in kind_of]
    for unit, kind in kind_of.items():
        unknown = sorted(set(presets[unit]) - codes.get(kind, set()))
        if unknown:
            about = {"unit": unit, "codes": ", ".join(unknown)}
            problems.append(Problem(N_("Đơn vị %(unit)s không có chỉ số %(codes)s."), "presets", about))
    return problems


def prepare_assessment(session: Session, actor: Actor, wanted: Preparation) -> Assessment:
    """Write a new assessment, or the present one of that slug anew, while it is in preparation."""
    problems, catalogue, assessment = _look_at(session, wanted)
    if problems or catalogue is None:
        raise Refused(problems)
    if assessment is None:
        assessment = Assessment(slug=wanted.slug, state="preparation", chain_head=FIRST, secretariat_id=_secretariat(session, actor))
        session.add(assessment)
    _fill(session, assessment, catalogue, wanted)
    record(session, Chain.of_assessment(assessment.id), actor, "prepare_assessment", wanted.slug, {"catalogue": catalogue.decision_hash})
    return assessment


def discard_preparation(session: Session, actor: Actor, slug: str) -> None:
    """Put away an assessment that was prepared by mistake; its name is free again. Nothing is deleted: its journal stays with it."""
    assessment = require_assessment(session, actor, "prepare_assessment", slug, lock=True)
    if assessment.state != "preparation":
        raise NotFound
    if open_proposals(session, assessment.id, "open_assessment"):
        raise Refused(PROPOSED)
    record(session, Chain.of_assessment(assessment.id), actor, "discard_assessment", slug, {"assessment": assessment.id})
    assessment.state, assessment.slug = "closed", f"{slug}{DISCARDED}{assessment.id}"
    session.flush()


def preparation_problems(session: Session, wanted: Preparation) -> list[Problem]:
    """Return everything that is wrong with a preparation, at its fields; nothing is written."""
    return _look_at(session, wanted)[0]


def _look_at(session: Session, wanted: Preparation) -> tuple[list[Problem], Catalogue | None, Assessment | None]:
    catalogue = session.scalars(select(Catalogue).where(Catalogue.code == wanted.catalogue)).first()
    assessment = session.scalars(select(Assessment).where(Assessment.slug == wanted.slug)).first()
    problems = name_problems(wanted) + date_problems(wanted.dates, wanted.year) + policy_problems(wanted.policies)
    if catalogue is None:
        problems.append(Problem(N_("Chưa có bộ chỉ số này."), "catalogue"))
    else:
        problems += preset_problems(session, catalogue.id, wanted.presets)
    if assessment is not None and wanted.seen == 0:
        problems.append(Problem(N_("Đã có kỳ đánh giá mang tên này. Hãy chọn tên khác."), "slug"))
    elif assessment is not None and assessment.state != "preparation":
        problems.append(Problem(N_("Kỳ đánh giá này đã mở, không sửa được nữa."), "slug"))
    elif assessment is not None and wanted.seen not in {None, assessment.chain_seq}:
        problems.append(Problem(CHANGED))
    if assessment is not None and open_proposals(session, assessment.id, "open_assessment"):
        problems.append(Problem(PROPOSED))
    return problems, catalogue, assessment


def _fill(session: Session, assessment: Assessment, catalogue: Catalogue, wanted: Preparation) -> None:
    assessment.year, assessment.catalogue_id, assessment.trial = wanted.year, catalogue.id, wanted.trial
    assessment.title = wanted.title or f"Kỳ đánh giá {wanted.year}"
    assessment.policies = {name: dict(given) for name, given in wanted.policies.items()}
    assessment.policies.setdefault(
        "explanation_working_days", {"value": wanted.dates.explanation_working_days, "reference": "Khoản 3 Điều 5"}
    )
    assessment.calendar = {
        "opens": wanted.dates.opens.isoformat(),
        "presets": {unit: list(codes) for unit, codes in wanted.presets.items()},
    }
    assessment.guidance_document_id = wanted.guidance_document_id
    newest = select(GuidanceVersion.id).where(GuidanceVersion.catalogue_id == catalogue.id).order_by(GuidanceVersion.number.desc())
    assessment.guidance_version_id = session.scalar(newest.limit(1))
    session.flush()
    _write_calendar(session, assessment.id, wanted.dates)


def _write_calendar(session: Session, assessment_id: int, dates: Dates) -> None:
    for table in (Deadline, Holiday):
        session.query(table).where(table.assessment_id == assessment_id).delete()
    days = {Clock.SELF_SCORE: dates.self_score, Clock.ROUND_1: dates.round_1, Clock.ROUND_2: dates.round_2}
    common = {"assessment_id": assessment_id, "reason": "", "set_at": working_now(session), "case_id": None}
    session.execute(insert(Deadline), [{**common, "stage": clock, "at": end_of_day(day)} for clock, day in days.items()])
    special = [(day, False) for day in dates.holidays] + [(day, True) for day in dates.working_days]
    if special:
        rows = [{"assessment_id": assessment_id, "day": day, "working": working, "name": ""} for day, working in special]
        session.execute(insert(Holiday), rows)


def _secretariat(session: Session, actor: Actor) -> int:
    if actor.organisation_id is not None:
        return actor.organisation_id
    return session.scalars(select(Organisation.id).where(Organisation.code == "SKHCN")).one()
