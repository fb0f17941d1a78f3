"""Handing in, taking back, sending back and closing: the moves between draft and self-scored (rules sections 1, 2 and 5)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.tables import Document, Proposal, ScoreEntry, Submission
from states.clocks import Clock, end_of_day
from states.facts import Asked
from states.refusal import NotFound, Refused, Stale
from states.results import POINT
from states.words import N_
from tests.season import DATES, GRADING, OPENED
from tests.small import ALL, MEASURED, OWN, REASON, SECRETARY, SPRING, Small, make_small, policy, refused
from workflow.deciding import exclude
from workflow.evidence import Handed, Particulars, attach_files, attach_known, attach_link, begin_upload, detach_evidence, finish_upload
from workflow.evidence_store import EvidenceStore
from workflow.extending import extend
from workflow.move import move_case

UNIT = "00004"
CLOSES = end_of_day(DATES.self_score)
MS = timedelta(milliseconds=1)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def season(engine) -> Small:
    return make_small(engine)


def entries(season, unit=UNIT, stage="self"):
    with season.looking() as session:
        from models.tables import Case, Indicator, Item, Organisation

        query = select(Indicator.code, ScoreEntry.points, ScoreEntry.reason).join(Item, Item.id == ScoreEntry.item_id)
        query = query.join(Indicator, Indicator.id == Item.indicator_id).join(Case, Case.id == Item.case_id)
        query = query.join(Organisation, Organisation.id == Case.unit_id)
        rows = session.execute(query.where(Organisation.code == unit, ScoreEntry.stage == stage).order_by(ScoreEntry.id))
        return [tuple(row) for row in rows]


# submit


def test_submit_lists_everything_that_is_missing(season):
    season.save(UNIT, "T.01", 4, text="")
    season.save(UNIT, "T.02", 4)
    with refused("T.03", "T.05", "T.06", "T.01", "declared"):
        season.move(f"head.{UNIT}", UNIT, "submit")
    assert season.state(UNIT) == "draft"


def test_submit_appends_one_entry_per_item_and_gives_a_receipt(season):
    season.fill(UNIT)
    moved = season.move(f"head.{UNIT}", UNIT, "submit", declared=True)
    assert [(code, points) for code, points, _ in entries(season)] == [(code, season.item(UNIT, code).self_points) for code in OWN]
    with season.looking() as session:
        made = session.scalars(select(Submission)).one()
    assert moved.made["receipt"] == made.receipt_code
    assert season.state(UNIT) == "self_scored"
    assert season.case(UNIT).self_total == 28 * POINT


def test_evidence_or_a_written_word_proves_a_score(season):
    season.fill(UNIT)
    season.save(UNIT, "T.02", 4, text=" ")
    with refused("T.02"):
        season.move(f"head.{UNIT}", UNIT, "submit", declared=True)
    with season.acting(f"unit.{UNIT}") as (session, actor):
        attach_link(session, actor, season.slug, UNIT, "T.02", "https://hanoi.example/bc", Particulars())
    season.submit(UNIT)


def test_a_request_that_it_does_not_apply_stands_for_a_score(season):
    season.fill(UNIT)
    season.ask_na(UNIT, "T.01")
    season.submit(UNIT)
    assert season.item(UNIT, "T.01").self_points == 0


def test_what_a_body_measures_is_not_asked_of_the_unit(season):
    season.fill(UNIT)
    with refused(saying=N_("Chỉ số này do bên chấm đo, đơn vị không tự chấm.")):
        season.save(UNIT, MEASURED, 3)
    season.submit(UNIT)
    assert season.item(UNIT, MEASURED).self_points is None


def test_only_the_head_submits(season):
    season.fill(UNIT)
    for other in (f"unit.{UNIT}", "head.00008", SECRETARY, "chair", "grader.catp", "admin"):
        with pytest.raises(NotFound):
            season.move(other, UNIT, "submit", declared=True)


def test_an_excluded_case_is_locked(season):
    season.fill(UNIT)
    with season.acting("chair") as (session, actor):
        exclude(session, actor, season.slug, UNIT, "Giải thể.")
    with refused():
        season.move(f"head.{UNIT}", UNIT, "submit", declared=True)
    with refused():
        season.save(UNIT, "T.02", 3)


def test_a_second_submission_is_refused_and_leaves_one_receipt(season):
    season.hand_in(UNIT)
    with refused():
        season.submit(UNIT)
    with season.looking() as session:
        assert session.scalar(select(func.count()).select_from(Submission)) == 1


def test_a_stale_page_saves_nothing_and_shows_what_stands(season):
    season.save(UNIT, "T.02", 4)
    with pytest.raises(Stale) as stale:
        season.save(UNIT, "T.02", 3, version=0)
    assert stale.value.current.inputs == {"points": "4"}
    assert season.item(UNIT, "T.02").drafted


# the deadline


def arriving(season, local, moment):
    """The person's request, that arrived at a moment, worked on later."""
    from contextlib import contextmanager

    @contextmanager
    def open_it():
        with season.acting(local) as (session, actor):
            yield session, replace(actor, arrived_at=moment)

    return open_it()


@pytest.mark.parametrize(("arrived", "passes"), [(CLOSES - MS, True), (CLOSES, False), (CLOSES + MS, False)])
def test_what_counts_is_when_the_request_arrived_not_when_it_was_worked_on(season, arrived, passes):
    season.fill(UNIT)
    season.at(CLOSES + timedelta(minutes=1))
    try:
        with arriving(season, f"head.{UNIT}", arrived) as (session, actor):
            move_case(session, actor, season.slug, UNIT, "submit", Asked(declared=True))
    except Refused:
        assert not passes
    assert (season.state(UNIT) == "self_scored") is passes


def test_after_the_deadline_nothing_of_the_draft_is_written(season):
    season.fill(UNIT)
    season.at(CLOSES)
    with refused():
        season.save(UNIT, "T.02", 3)
    with refused():
        season.ask_na(UNIT, "T.02")
    with refused(), season.acting(f"unit.{UNIT}") as (session, actor):
        attach_link(session, actor, season.slug, UNIT, "T.02", "https://hanoi.example/bc", Particulars())
    with refused():
        season.submit(UNIT)


def test_an_extension_opens_the_form_again_for_that_unit_alone(season):
    season.at(CLOSES)
    with season.acting(SECRETARY) as (session, actor):
        extend(session, actor, season.slug, UNIT, CLOSES + timedelta(days=2), "Mất điện.")
    season.hand_in(UNIT)
    with refused():
        season.save("00008", "T.02", 3)


def test_an_upload_begun_before_closing_may_finish_and_the_case_be_submitted_and_nothing_else(season, tmp_path):
    season.fill(UNIT)
    season.save(UNIT, "T.02", 4, text="")
    season.at(CLOSES - timedelta(minutes=1))
    attach(season, "T.03")
    begun(season)
    season.at(CLOSES + timedelta(minutes=9))
    with season.looking() as session:
        address = session.scalars(select(Document.address)).one()
    with refused():
        season.save(UNIT, "T.03", 3)
    for act, more in ((attach_link, ("https://hanoi.example/bc", Particulars())), (attach_known, (address, Particulars()))):
        with refused(), season.acting(f"unit.{UNIT}") as (session, actor):
            act(session, actor, season.slug, UNIT, "T.02", *more)
    with refused(), season.acting(f"unit.{UNIT}") as (session, actor):
        detach_evidence(session, actor, season.slug, UNIT, "T.03", address)
    with refused():
        season.close(UNIT)  # the unit may still submit
    attach_file(season, tmp_path)
    season.submit(UNIT)
    with refused():
        season.move(f"head.{UNIT}", UNIT, "recall")


def begun(season):
    with season.acting(f"unit.{UNIT}") as (session, actor):
        return begin_upload(session, actor, season.slug, UNIT, "T.02")


def arrived(season, token):
    with season.acting(f"unit.{UNIT}") as (session, _):
        finish_upload(session, token)


def attach(season, code="T.02"):
    with season.acting(f"unit.{UNIT}") as (session, actor):
        attach_link(session, actor, season.slug, UNIT, code, "https://hanoi.example/bc", Particulars())


def attach_file(season, folder):
    with season.acting(f"unit.{UNIT}") as (session, actor):
        attach_files(session, actor, season.slug, UNIT, "T.02", [Handed("bao-cao.pdf", PDF)], Particulars(), EvidenceStore(folder))


def test_what_arrived_whole_before_closing_gives_no_grace(season):
    season.fill(UNIT)
    season.at(CLOSES - timedelta(minutes=30))
    arrived(season, begun(season))
    season.at(CLOSES + timedelta(minutes=5))
    with refused():
        season.submit(UNIT)
    with refused():
        attach(season)


def test_what_was_cut_long_before_closing_gives_none_either(season):
    season.fill(UNIT)
    season.at(CLOSES - timedelta(days=3))
    begun(season)
    season.at(CLOSES + timedelta(minutes=5))
    with refused():
        season.submit(UNIT)


def test_what_arrived_whole_after_closing_lets_the_case_be_submitted_and_nothing_more_be_attached(season):
    season.fill(UNIT)
    season.at(CLOSES - MS)
    token = begun(season)
    season.at(CLOSES + timedelta(minutes=1))
    arrived(season, token)
    with refused():
        attach(season)
    season.submit(UNIT)


def test_the_grace_ends(season):
    season.fill(UNIT)
    season.at(CLOSES - MS)
    with season.acting(f"unit.{UNIT}") as (session, actor):
        begin_upload(session, actor, season.slug, UNIT, "T.02")
    season.at(CLOSES + timedelta(minutes=10))
    with refused():
        season.submit(UNIT)


def test_the_grace_is_a_policy(engine):
    season = make_small(engine, policies=policy(upload_grace_minutes=0))
    season.fill(UNIT)
    season.at(CLOSES - MS)
    with season.acting(f"unit.{UNIT}") as (session, actor):
        begin_upload(session, actor, season.slug, UNIT, "T.02")
    season.at(CLOSES)
    with refused():
        season.submit(UNIT)


# recall and send back


def signed_by_all(season):
    season.hand_in(UNIT)
    season.grade_all(units=(UNIT,))


def test_recall_is_for_the_head_before_the_deadline(season):
    season.hand_in(UNIT)
    with pytest.raises(NotFound):
        season.move(f"unit.{UNIT}", UNIT, "recall")
    season.at(CLOSES)
    with refused():
        season.move(f"head.{UNIT}", UNIT, "recall")
    season.at(OPENED)
    season.move(f"head.{UNIT}", UNIT, "recall")
    assert season.state(UNIT) == "draft"


def test_after_a_recall_grades_on_unchanged_items_stand_and_on_changed_ones_are_dropped(season):
    signed_by_all(season)
    season.move(f"head.{UNIT}", UNIT, "recall")
    season.save(UNIT, "T.02", 5)
    season.save(UNIT, "T.06", 8, text="Bổ sung giải thích.")
    season.save(UNIT, "T.03", season.item(UNIT, "T.03").self_points // POINT)  # typed again, the same
    season.submit(UNIT)
    assert {code for code in ALL if season.item(UNIT, code).ungraded} == {"T.02", "T.06"}
    kept = season.graded(UNIT, "T.03", "STC")
    assert (kept.round1, kept.signed1) == (4 * POINT, True)
    gone = season.graded(UNIT, "T.06", "STC")
    assert (gone.round1, gone.signed1) == (None, False)
    assert len(entries(season)) == 2 * len(OWN)


def test_evidence_added_after_a_recall_makes_the_item_a_changed_one(season):
    signed_by_all(season)
    season.move(f"head.{UNIT}", UNIT, "recall")
    with season.acting(f"unit.{UNIT}") as (session, actor):
        attach_link(session, actor, season.slug, UNIT, "T.03", "https://hanoi.example/bc", Particulars())
    season.submit(UNIT)
    assert [code for code in ALL if season.item(UNIT, code).ungraded] == ["T.03"]


def test_send_back_needs_a_reason_and_a_later_date_and_gives_that_date(season):
    season.hand_in(UNIT)
    season.at(GRADING)
    with refused("reason", "until"):
        season.move(SECRETARY, UNIT, "send_back")
    with refused("until"):
        season.move(SECRETARY, UNIT, "send_back", reason="Thiếu.", until=GRADING)
    season.move(SECRETARY, UNIT, "send_back", reason="Thiếu.", until=GRADING + timedelta(days=3))
    season.save(UNIT, "T.02", 3)
    season.at(GRADING + timedelta(days=3))
    with refused():
        season.save(UNIT, "T.02", 4)


def test_what_was_released_is_neither_recalled_nor_sent_back(season):
    season.released(UNIT)
    season.at(OPENED)
    with refused():
        season.move(f"head.{UNIT}", UNIT, "recall")
    with pytest.raises((Refused, NotFound)):
        season.move(SECRETARY, UNIT, "send_back", reason="Thiếu.", until=SPRING)


# close unsubmitted


def test_closing_waits_for_the_deadline_and_for_the_chair(season):
    season.save(UNIT, "T.02", 4)
    with refused():
        season.move(SECRETARY, UNIT, "close_unsubmitted", reason="Không nộp.")
    season.at(CLOSES)
    with refused("reason"):
        season.move(SECRETARY, UNIT, "close_unsubmitted")
    proposal = season.move(SECRETARY, UNIT, "close_unsubmitted", reason="Không nộp.").proposal_id
    assert season.state(UNIT) == "draft"
    with refused():
        season.move(SECRETARY, UNIT, "close_unsubmitted", reason="Không nộp.")  # one is waiting
    for other in ("deputy", "council.1", SECRETARY):
        with pytest.raises(NotFound):
            season.confirm(proposal, other)
    season.confirm(proposal)
    assert season.state(UNIT) == "self_scored"


def test_a_unit_given_time_meanwhile_is_not_closed(season):
    season.at(CLOSES)
    proposal = season.move(SECRETARY, UNIT, "close_unsubmitted", reason="Không nộp.").proposal_id
    with season.acting(SECRETARY) as (session, actor):
        extend(session, actor, season.slug, UNIT, CLOSES + timedelta(days=2), "Mất điện.")
    with refused():
        season.confirm(proposal)
    with season.looking() as session:
        assert session.get_one(Proposal, proposal).settled == ""


def test_a_closed_draft_is_frozen_as_saved_and_its_blanks_stay_empty_for_one_reason(season):
    season.save(UNIT, "T.02", 4)
    season.at(CLOSES)
    season.close(UNIT, "Không nộp đúng hạn.")
    kept = {code: (points, reason) for code, points, reason in entries(season)}
    assert kept["T.02"] == (4 * POINT, REASON)
    assert {kept[code] for code in OWN if code != "T.02"} == {(None, "Không nộp đúng hạn.")}
    assert season.case(UNIT).frozen_blank_reason == "Không nộp đúng hạn."


def test_bodies_may_grade_a_blank_but_it_is_neither_contestable_nor_questioned(season):
    from workflow.asking import question
    from workflow.deciding import question_by_council

    season.save(UNIT, "T.02", 4)
    season.at(CLOSES)
    season.close(UNIT)
    with refused(), season.acting("grader.stc") as (session, actor):
        question(session, actor, season.slug, UNIT, "T.03", "Vì sao?")
    season.at(GRADING)
    season.grade_all({"T.03": 2, "T.01": 0, "T.05": 5, "T.06": 5, "T.02": 3}, units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    assert {code for code in ALL if season.item(UNIT, code).contestable} == {"T.02", MEASURED}
    with refused(), season.acting("council.1") as (session, actor):
        question_by_council(session, actor, season.slug, UNIT, "T.03", "Vì sao?")
    assert season.item(UNIT, "T.03").round1 == 2 * POINT


def test_a_unit_that_never_submits_blocks_nobody_and_gains_nothing(season):
    season.hand_in("00008")
    season.at(GRADING)
    season.close(UNIT)
    season.grade_all({(UNIT, code): 0 for code in ALL}, units=(UNIT, "00008"))
    moved = season.batch("release_round_1")
    assert set(moved.units) == {UNIT, "00008"}
    assert season.case(UNIT).round1_total == 0


def test_closing_restores_the_evidence_that_was_submitted_and_with_it_the_grades(season, tmp_path):
    season.fill(UNIT)
    with season.acting(f"unit.{UNIT}") as (session, actor):
        handed = [Handed("bao-cao.pdf", PDF)]
        (address,) = attach_files(session, actor, season.slug, UNIT, "T.02", handed, Particulars(page="3"), EvidenceStore(tmp_path))
    season.submit(UNIT)
    season.at(GRADING)
    season.give("grader.catp", UNIT, "T.02", 4)
    season.move(SECRETARY, UNIT, "send_back", reason="Thiếu dấu.", until=GRADING + timedelta(days=3))
    with season.acting(f"unit.{UNIT}") as (session, actor):
        detach_evidence(session, actor, season.slug, UNIT, "T.02", address)
    attach(season, "T.03")
    season.at(GRADING + timedelta(days=4))
    season.close(UNIT)
    with season.looking() as session:
        first, last = session.scalars(select(Submission).order_by(Submission.sequence))
        assert [row["evidence"] for row in last.snapshot["items"]] == [row["evidence"] for row in first.snapshot["items"]]
    assert season.graded(UNIT, "T.02", "CATP").round1 == 4 * POINT


def test_closing_restores_what_was_last_submitted(season):
    season.hand_in(UNIT)
    season.at(GRADING)
    season.move(SECRETARY, UNIT, "send_back", reason="Thiếu.", until=GRADING + timedelta(days=1))
    season.save(UNIT, "T.02", 1, text="Đang sửa dở.")
    season.at(GRADING + timedelta(days=1))
    season.close(UNIT)
    assert season.item(UNIT, "T.02").self_points == 4 * POINT
    assert season.row(UNIT, "T.02").draft_text == REASON
    with season.looking() as session:
        first, second = session.scalars(select(Submission).order_by(Submission.sequence))
    assert first.snapshot["items"] == second.snapshot["items"]


def test_what_the_council_settled_is_not_undone_by_closing(season):
    season.fill(UNIT)
    season.ask_na(UNIT, "T.01")
    season.ask_na(UNIT, "T.03")
    season.submit(UNIT)
    season.settle(UNIT, "T.01", grant=True)
    season.settle(UNIT, "T.03", grant=False)
    season.at(GRADING)
    season.move(SECRETARY, UNIT, "send_back", reason="Thiếu.", until=GRADING + timedelta(days=1))
    season.at(GRADING + timedelta(days=1))
    season.close(UNIT)
    assert season.item(UNIT, "T.01").applicability == "not_applicable"
    assert season.item(UNIT, "T.03").applicability == "refused"


def test_the_clock_of_round_1_does_not_lock_bodies(season):
    season.hand_in(UNIT)
    with season.looking() as session:
        from workflow.calendar import calendar_of

        assert calendar_of(session, season.assessment().id).until(Clock.ROUND_1) < SPRING
    season.at(SPRING)
    season.grade_all(units=(UNIT,))
    season.batch("release_round_1", units=[UNIT])
    assert season.state(UNIT) == "round1_reviewed"
