"""The public pages: nothing before it is public, everything after; the same figures in every form."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from models.session import transaction
from models.tables import Assessment, Blob, Document, Organisation, Publication
from tests.published import dataset, publication
from tests.season import LATE
from tests.web.statements import counted
from workflow.dataset import dataset_hash
from workflow.evidence_store import EvidenceStore
from workflow.verify import verify_bundle

PAGES = ("", "?bang=chi-so", "?nhom=1", "?so=1", "?q=ba+dinh&loai=phuong", "/00004", "/00097", "/chi-so/IV.01", "/v1", "/v1?bang=chi-so")
FILES = (".csv", ".json", ".xlsx", ".zip", "/v1.csv", "/v1.zip")


@pytest.fixture
def public(season, visitor):
    """A stranger's browser, the day after round 1."""
    season.at(LATE)
    return visitor()


def publish(season, data=None, **more):
    """Write a version of a small hand-made result into the season."""
    with transaction(season.engine) as session:
        row = publication(data, **{"visible_from": LATE, **more})
        row.assessment_id = session.scalars(select(Assessment.id).where(Assessment.slug == season.slug)).one()
        session.add(row)


def test_before_anything_opens_the_pages_say_so(visitor):
    stranger = visitor()
    for path in ("/", "/phuong-phap", "/lich"):
        page = stranger.get(path)
        assert page.status_code == 200, path
        assert "Chưa có kỳ đánh giá nào" in page.text


def test_before_the_first_publication_there_are_method_and_calendar_and_no_result(season, public):
    home = public.get("/")
    assert "Chưa có kết quả nào được công bố" in home.text
    assert f'data-assessment="{season.slug}"' in home.text
    method = public.get("/phuong-phap").text
    assert method.count('data-item="') == 81
    assert "81 trên 81 công thức là tạm tính" in method
    assert method.count("tạm tính</span>") == 81
    assert "Thứ Hai 15/12/2025, 23:59" in public.get("/lich").text


def answers(season, browser):
    """The status of every page and file of a result, once each."""
    return {browser.get(f"/ket-qua/{season.slug}{path}").status_code for path in (*PAGES, *FILES)}


def test_nothing_of_a_result_exists_before_it_is_visible(season, public):
    publish(season, visible_from=LATE + timedelta(seconds=1))
    assert answers(season, public) == {404}
    assert "Kết quả năm" not in public.get("/").text


def test_nothing_of_a_rehearsal_is_ever_public(season, public):
    publish(season)
    with transaction(season.engine) as session:
        session.execute(update(Assessment).values(trial=True))
    assert answers(season, public) == {404}
    for home in ("/", "/phuong-phap", "/lich"):
        assert season.slug not in public.get(home).text.split("<main", 1)[1]


def test_from_its_moment_on_everything_is_there(season, public):
    publish(season)
    assert answers(season, public) == {200}


def test_the_ranking_shows_ties_the_excluded_and_those_without_a_maximum(season, public):
    publish(season)
    text = public.get(f"/ket-qua/{season.slug}").text
    order = ("00025", "00004", "00008", "00070", "00082", "00097")
    rows = {code: text.split(f'data-unit="{code}"', 1)[1].split("</tr>", 1)[0] for code in order}
    assert '<td class="number place">2</td>' in rows["00004"]
    assert "đồng hạng" in rows["00004"]
    assert "đồng hạng" in rows["00008"]
    assert '<td class="number place">1</td>' in rows["00025"]
    assert '<td class="number place">4</td>' in rows["00070"]
    assert "không xếp hạng" in rows["00082"]
    assert "=Giải thể từ 01/7" in rows["00097"]
    assert "4,00" in rows["00004"]
    assert "66,67%" in rows["00004"]
    assert [text.index(f'data-unit="{code}"') for code in order] == sorted(text.index(f'data-unit="{code}"') for code in order)


def test_sorted_by_a_group_units_are_ranked_by_their_share_of_what_applies_there(season, public):
    publish(season)
    text = public.get(f"/ket-qua/{season.slug}?nhom=2").text
    assert text.index('data-unit="00004"') < text.index('data-unit="00025"') < text.index('data-unit="00070"')
    assert "không áp dụng" in text.split('data-unit="00008"', 1)[1].split("</tr>", 1)[0]
    assert public.get(f"/ket-qua/{season.slug}?nhom=7").status_code == 404


def test_search_finds_names_typed_without_marks(season, public):
    publish(season)
    text = public.get(f"/ket-qua/{season.slug}?q=giang+vo").text
    assert 'data-unit="00025"' in text
    assert 'data-unit="00004"' not in text
    assert "Không có đơn vị nào như vậy" in public.get(f"/ket-qua/{season.slug}?q=zzz").text


def test_a_unit_that_is_in_no_list_and_a_code_that_is_in_no_set_do_not_exist(season, public):
    publish(season)
    assert public.get(f"/ket-qua/{season.slug}/SKHCN").status_code == 404
    assert public.get(f"/ket-qua/{season.slug}/chi-so/XX.01").status_code == 404
    assert public.get(f"/ket-qua/{season.slug}/v2").status_code == 404


def test_an_earlier_version_stays_and_says_that_it_was_amended(season, public):
    publish(season)
    amended = dataset()
    amended["title"] = "Kỳ đánh giá 2025 (đính chính)"
    publish(season, amended, version=2, decision_number="1187/QĐ-UBND")
    assert "1187/QĐ-UBND" in public.get(f"/ket-qua/{season.slug}").text
    earlier = public.get(f"/ket-qua/{season.slug}/v1").text
    assert "Đây là phiên bản 1, đã được đính chính." in earlier
    assert "1024/QĐ-UBND" in earlier
    assert json.loads(public.get(f"/ket-qua/{season.slug}.json").text)["title"] == amended["title"]
    assert json.loads(public.get(f"/ket-qua/{season.slug}/v1.json").text)["title"] != amended["title"]


def test_an_amendment_that_is_not_visible_yet_changes_nothing(season, public):
    publish(season)
    publish(season, version=2, visible_from=LATE + timedelta(days=1), decision_number="1187/QĐ-UBND")
    assert "1187/QĐ-UBND" not in public.get(f"/ket-qua/{season.slug}").text
    assert public.get(f"/ket-qua/{season.slug}/v2").status_code == 404


def test_every_file_says_the_same_and_the_bundle_verifies(season, public):
    publish(season)
    bundle = public.get(f"/ket-qua/{season.slug}.zip").data
    assert list(verify_bundle(bundle)) == []
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert json.loads(archive.read("dataset.json")) == dataset() == json.loads(public.get(f"/ket-qua/{season.slug}.json").text)
    page = load_workbook(io.BytesIO(public.get(f"/ket-qua/{season.slug}.xlsx").data))["Xã, phường"]
    rows = {row[1]: row for row in page.iter_rows(min_row=5, values_only=True)}
    assert rows["00004"][:6] == (2, "00004", "Phường Ba Đình", 4, 6, 0.6667)
    assert "00004,Phường Ba Đình,4.00,6.00,66.67,0,2.00,2.00" in public.get(f"/ket-qua/{season.slug}.csv").text
    assert dataset_hash(dataset()) in public.get(f"/ket-qua/{season.slug}").text


def test_a_file_that_did_not_change_is_not_sent_again(season, public):
    publish(season)
    first = public.get(f"/ket-qua/{season.slug}.csv")
    assert public.get(f"/ket-qua/{season.slug}.csv", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_no_public_page_links_evidence(season, public):
    publish(season)
    for path in PAGES:
        assert "minh-chung/" not in public.get(f"/ket-qua/{season.slug}{path}").text


def test_a_decision_can_be_read_when_its_publication_can_and_not_before(season, public, settings, tmp_path):
    store = EvidenceStore(tmp_path / "evidence")
    with transaction(season.engine) as session:
        owner = session.scalars(select(Organisation.id).where(Organisation.code == "UBNDTP")).one()
        blob = Blob(sha256=store.keep(b"%PDF-1.7 QD"), size=11, media_type="application/pdf", stored_at=LATE)
        session.add(blob)
        session.flush()
        paper = Document(address="qd", organisation_id=owner, blob_id=blob.id, file_name="QĐ.pdf", added_at=LATE, public=True)
        session.add(paper)
        session.flush()
        document = paper.id
    assert public.get("/van-ban/qd").status_code == 404
    publish(season, decision_document_id=document, visible_from=LATE + timedelta(hours=1))
    assert public.get("/van-ban/qd").status_code == 404
    season.at(LATE + timedelta(hours=1))
    answer = public.get("/van-ban/qd")
    assert answer.status_code == 200
    assert answer.data == b"%PDF-1.7 QD"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    answer.close()


def test_the_number_of_statements_does_not_grow_with_versions(season, demo_app, visitor):
    season.at(LATE)
    stranger = demo_app.test_client()
    sent = []
    for version in (1, 2, 3):
        publish(season, version=version)
        stranger.get(f"/ket-qua/{season.slug}")
        with counted(demo_app) as statements:
            stranger.get(f"/ket-qua/{season.slug}")
        sent.append(len(statements))
    assert sent[0] == sent[1] == sent[2]


def test_what_was_published_is_what_the_row_holds(season, public):
    publish(season)
    with transaction(season.engine) as session:
        assert session.scalars(select(Publication.sha256)).one() == dataset_hash(dataset())
