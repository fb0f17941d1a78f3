from pypdf import PdfReader
from sqlalchemy import text

from models.session import reading
from workflow.auditing import breaks
from workflow.evidence_store import EvidenceStore

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


def test_the_chain_of_the_whole_demo_holds(demo_rows):
    with reading(demo_rows) as session:
        assert list(breaks(session)) == []
