"""Rewriting the guidance: at once before opening; afterwards by a draft that the chair confirms, with old values kept (rules section 2)."""

from datetime import date

import pytest
from sqlalchemy import func, select

from models.session import reading
from models.tables import Assessment, Event, Guidance, GuidanceVersion, Notification
from states.refusal import NotFound, Refused, Stale
from states.results import POINT
from tests.season import GRADING
from tests.small import SECRETARY, make_small
from workflow.amending import impact, propose_amendment
from workflow.drafting import Draft, save_self_score
from workflow.guidance import drop_draft, guidance_said, save_guidance
from workflow.invariants import violations
from workflow.preparing import Dates, Preparation, prepare_assessment
from workflow.proposals import withdraw

UNIT, OTHER = "00004", "00008"
LEVELS = {
    "rule": {"kind": "levels", "question": "Đến đâu?", "levels": [{"points": "5", "label": "Đủ"}, {"points": "2", "label": "Một phần"}]},
    "status": "issued", "evidence": ["Báo cáo năm"], "hint": "Nêu số văn bản.",
}  # fmt: skip


@pytest.fixture
def season(engine):
    return make_small(engine)


def write(season, code="T.02", table=LEVELS, slug=""):
    with season.acting(SECRETARY) as (session, actor):
        save_guidance(session, actor, slug or season.slug, code, table)


def propose(season, reason="Sở Tài chính đã ban hành hướng dẫn."):
    with season.acting(SECRETARY) as (session, actor):
        return propose_amendment(session, actor, season.slug, reason).id


def amended(season, code="T.02", table=LEVELS):
    write(season, code, table)
    season.confirm(propose(season))


def held(season):
    with reading(season.engine) as session:
        return guidance_said(session, season.assessment().guidance_version_id)


def rule_of(season, unit, code):
    with reading(season.engine) as session:
        return session.get_one(Guidance, season.row(unit, code).guidance_id).rule["kind"]


def test_a_draft_changes_nothing_until_the_chair_confirms(season):
    write(season)
    proposal = propose(season)
    assert held(season)["T.02"]["rule"]["kind"] == "manual"
    season.confirm(proposal)
    assert held(season)["T.02"] == LEVELS
    assert {rule_of(season, unit, "T.02") for unit in (UNIT, OTHER)} == {"levels"}
    assert rule_of(season, UNIT, "T.03") == "manual"


def test_the_old_version_stays_as_it_was_and_the_new_one_is_frozen(season):
    before = season.assessment().guidance_version_id
    amended(season)
    with reading(season.engine) as session:
        assert guidance_said(session, before)["T.02"]["rule"]["kind"] == "manual"
        versions = session.execute(select(GuidanceVersion.number, GuidanceVersion.frozen_at).order_by(GuidanceVersion.number)).all()
    assert [number for number, frozen in versions if frozen] == [1, 2]


def test_what_was_filled_in_is_kept_and_confirmed_before_submitting(season):
    season.fill(UNIT)
    amended(season)
    row = season.row(UNIT, "T.02")
    assert (row.draft_points, row.draft_inputs, row.needs_confirmation) == (4 * POINT, {"points": "4"}, True)
    assert not season.row(UNIT, "T.03").needs_confirmation
    with pytest.raises(Refused) as refused:
        season.submit(UNIT)
    assert [problem.place for problem in refused.value.problems] == ["T.02"]
    with season.acting(f"unit.{UNIT}") as (session, actor):
        save_self_score(session, actor, season.slug, UNIT, "T.02", Draft({"level": "2"}, "Theo báo cáo.", row.version))
    season.submit(UNIT)
    assert season.item(UNIT, "T.02").self_points == 2 * POINT


def test_what_was_submitted_stands(season):
    season.hand_in(UNIT)
    amended(season)
    assert season.item(UNIT, "T.02").self_points == 4 * POINT
    season.at(GRADING)
    season.grade_all(units=(UNIT,))
    assert season.item(UNIT, "T.02").round1 == 4 * POINT


def test_a_tab_that_was_open_learns_that_the_ground_has_moved(season):
    season.fill(UNIT)
    version = season.row(UNIT, "T.02").version
    amended(season)
    with pytest.raises(Stale):
        season.save(UNIT, "T.02", 3, version=version)


def test_a_better_hint_needs_nobody_to_confirm(season):
    season.fill(UNIT)
    amended(season, table={**held(season)["T.02"], "hint": "Rõ hơn.", "status": "issued"})
    assert not season.row(UNIT, "T.02").needs_confirmation
    season.submit(UNIT)


def test_the_impact_is_known_before(season):
    season.fill(UNIT)
    season.hand_in(OTHER)
    write(season)
    with reading(season.engine) as session:
        (change,) = impact(session, season.assessment())
    assert (change.code, change.writing, change.submitted, change.confirmed_again) == ("T.02", (UNIT,), (OTHER,), True)


def test_all_units_and_bodies_are_told_and_the_chain_names_the_items(season):
    season.fill(UNIT)
    amended(season)
    with reading(season.engine) as session:
        told = session.scalar(select(func.count()).select_from(Notification).where(Notification.kind == "amend"))
        on_case = session.scalars(select(Event.payload).where(Event.act == "amend", Event.chain == "case")).all()
        assert [str(one) for one in violations(session)] == []
    assert told
    assert on_case == [{"items": ["T.02"]}]


def test_after_release_nothing_is_amended_even_if_it_was_proposed_before(season):
    season.hand_in(UNIT)
    write(season)
    proposal = propose(season)
    season.at(GRADING)
    season.grade_all(units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    with pytest.raises(Refused):
        season.confirm(proposal)
    assert held(season)["T.02"]["rule"]["kind"] == "manual"
    with season.acting(SECRETARY) as (session, actor):
        withdraw(session, actor, season.slug, proposal)
    with pytest.raises(Refused):
        propose(season)


def test_what_lies_before_the_chair_does_not_change(season):
    write(season)
    proposal = propose(season)
    with pytest.raises(Refused):
        write(season, "T.03")
    with season.acting(SECRETARY) as (session, actor), pytest.raises(Refused):
        drop_draft(session, actor, season.slug)
    with season.acting(SECRETARY) as (session, actor):
        withdraw(session, actor, season.slug, proposal)
    write(season, "T.03")
    assert held(season)["T.03"]["rule"]["kind"] == "manual"


def test_it_is_proposed_with_a_reason_and_a_change(season):
    with pytest.raises(Refused):
        propose(season)
    write(season)
    with pytest.raises(Refused):
        propose(season, " ")


def test_a_draft_can_be_dropped(season):
    write(season)
    with season.acting(SECRETARY) as (session, actor):
        drop_draft(session, actor, season.slug)
    with pytest.raises(Refused):
        propose(season)
    with season.acting(SECRETARY) as (session, actor), pytest.raises(NotFound):
        drop_draft(session, actor, season.slug)


@pytest.mark.parametrize("local", ["chair", "admin", "lead.catp", "head.00004", "auditor"])
def test_only_the_secretariat_writes_it(season, local):
    with season.acting(local) as (session, actor), pytest.raises(NotFound):
        save_guidance(session, actor, season.slug, "T.02", LEVELS)


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ({"rule": {"kind": "manual"}}, "rule"),
        ({"rule": {**LEVELS["rule"], "levels": [{"points": "4", "label": "Một phần"}]}}, "rule"),
        ({"rule": {**LEVELS["rule"], "levels": [{"points": "x", "label": "Một phần"}]}}, "rule.levels[0].points"),
        ({"evidence": []}, "evidence"),
        ({"status": "maybe"}, "status"),
    ],
)
def test_a_wrong_entry_is_refused_at_its_place_and_nothing_is_kept(season, table, place):
    with pytest.raises(Refused) as refused:
        write(season, table=LEVELS | table)
    assert place in [problem.place for problem in refused.value.problems]
    with reading(season.engine) as session:
        assert session.scalar(select(func.count()).select_from(GuidanceVersion)) == 1


def test_an_unknown_indicator_is_not_there(season):
    with pytest.raises(NotFound):
        write(season, "T.99")


def test_before_opening_it_holds_at_once_and_the_open_assessment_keeps_its_own(season):
    days = Dates(date(2027, 1, 4), date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1))
    with season.acting(SECRETARY) as (session, actor):
        prepare_assessment(session, actor, Preparation("small-catalogue", 2026, "2026", days))
    write(season, slug="2026")
    with reading(season.engine) as session:
        prepared = session.scalars(select(Assessment).where(Assessment.slug == "2026")).one()
        assert guidance_said(session, prepared.guidance_version_id)["T.02"] == LEVELS
    assert held(season)["T.02"]["rule"]["kind"] == "manual"
