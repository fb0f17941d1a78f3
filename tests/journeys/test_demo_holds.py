import pytest
from pypdf import PdfReader
from sqlalchemy import select, text

from models.session import reading
from models.tables import Case, Indicator, Item, Organisation
from workflow.auditing import breaks
from workflow.evidence_store import EvidenceStore

pytestmark = pytest.mark.long
CASES = "join \"case\" c on c.id = i.case_id join assessment a on a.id = c.assessment_id and a.slug = '2025'"
IN_2025 = f"join item i on i.id = x.item_id {CASES}"


def count(engine, query: str) -> int:
    with reading(engine) as session:
        return int(session.scalar(text(query)))


def test_the_published_year_holds_what_a_real_one_does(demo_rows):
    disputes = f"select count(distinct x.item_id) from score_entry x {IN_2025} where x.stage = 'decision1'"
    asked = f"select count(distinct i.id) from item i {CASES} where {{}}"
    assert count(demo_rows, disputes) >= 30
    assert count(demo_rows, asked.format("i.na_reason <> ''")) >= 20
    assert count(demo_rows, asked.format("i.applicability = 'refused'")) >= 5
    assert count(demo_rows, f"select count(*) from assignment x {IN_2025} where x.council and x.ended_at is null") == 29


def test_round_2_gives_some_what_they_ask_some_a_part_and_some_nothing(demo_rows):
    for verdict in ("accepted", "partly", "not_accepted"):
        assert count(demo_rows, f"select count(*) from score_entry x {IN_2025} where x.stage = 'round2' and x.verdict = '{verdict}'") >= 30
    changed = "select count(*) from \"case\" c join assessment a on a.id = c.assessment_id and a.slug = '2025'"
    assert 30 <= count(demo_rows, f"{changed} where c.final_total > c.round1_total") <= 135


def test_one_unit_never_submitted_one_was_reopened_one_corrected(demo_rows):
    of_2025 = "from event e join \"case\" c on c.id = e.chain_id and e.chain = 'case'"
    of_2025 += " join assessment a on a.id = c.assessment_id and a.slug = '2025'"
    for act in ("close_unsubmitted", "reopen", "correct"):
        assert count(demo_rows, f"select count(distinct c.id) {of_2025} where e.act = '{act}'") >= 1, act


def test_both_years_hold_every_unit_and_the_first_five_states(demo_rows):
    of_year = "from \"case\" c join assessment a on a.id = c.assessment_id where a.slug = '{}'"
    assert count(demo_rows, f"select count(*) {of_year.format('2025')} and c.state = 'published'") == 143
    assert count(demo_rows, f"select count(*) {of_year.format('2026')}") == 143
    assert count(demo_rows, f"select count(distinct c.state) {of_year.format('2026')}") == 5


def test_evidence_is_readable_and_of_many_kinds(demo_rows, demo_data):
    store = EvidenceStore(demo_data / "evidence")
    with reading(demo_rows) as session:
        hashes = list(session.scalars(text("select sha256 from blob where media_type = 'application/pdf'")))
    assert len(hashes) >= 40
    texts = {PdfReader(store.path(one)).pages[0].extract_text() for one in hashes}
    assert len(texts) >= 40
    assert all("nhiệm vụ được giao" in " ".join(one.split()) for one in texts)


def test_most_of_what_is_submitted_is_proved_and_some_is_not(demo_rows):
    items = "select count(*) from item i join \"case\" c on c.id = i.case_id where c.state <> 'draft'"
    proved = count(demo_rows, f"{items} and exists (select 1 from evidence_link l where l.item_id = i.id and l.removed_at is null)")
    assert 0.8 < proved / count(demo_rows, items) < 0.95


def test_no_draft_stays_open_longer_than_the_appraisal_of_all(demo_rows):
    later = "select count(*) from deadline own join deadline round on round.assessment_id = own.assessment_id"
    later += " where own.stage = 'self_score' and own.case_id is not null and round.stage = 'round_1' and round.case_id is null"
    assert count(demo_rows, later) >= 20
    assert count(demo_rows, f"{later} and own.at >= round.at") == 0


def test_figures_fit_each_other_and_the_size_of_the_unit(demo_rows):
    with reading(demo_rows) as session:
        query = select(Organisation.code, Indicator.code, Item.draft_inputs).join(Case, Case.unit_id == Organisation.id)
        query = query.join(Item, Item.case_id == Case.id).join(Indicator, Indicator.id == Item.indicator_id)
        given = {(unit, code): inputs for unit, code, inputs in session.execute(query.where(Case.state == "published")) if inputs}
    for unit in {unit for unit, _ in given if unit.isdigit()}:
        whole = {code: int(given[unit, code]["b"]) for code in ("IV.02", "IV.18", "IV.32", "IV.40", "IV.43") if (unit, code) in given}
        assert whole.get("IV.02", 4) <= 16, "directives of one head in a year"
        assert whole.get("IV.18", 0) == whole.get("IV.32", whole.get("IV.18", 0)), "the same staff"
        assert whole.get("IV.40", 0) <= whole.get("IV.43", 60_000), "who is 14 or older among all people"


def test_the_chain_of_the_whole_demo_holds(demo_rows):
    with reading(demo_rows) as session:
        assert list(breaks(session)) == []
