"""Files that come with what is typed: no button saves the one and loses the other; one that is cut at closing may come again."""

import io
from datetime import timedelta

from sqlalchemy import select

from models.session import reading
from models.tables import EvidenceLink, Explanation, Upload
from states.clocks import end_of_day
from tests.season import DATES
from tests.web.conftest import BASE

ITEM, ANSWER = "IV.09", "/ky/2025/ho-so/00008"
ACT = "/ky/2025/ho-so/00004/viec"
PDF = b"%PDF-1.4\n" + b"1 0 obj << >> endobj\n" * 20 + b"%%EOF\n"
CLOSES = end_of_day(DATES.self_score)


def draft(*files, **more):
    fields = {"code": ITEM, "version": "0", "a": "12480", "b": "12900", "text": "Theo báo cáo."} | more
    return fields | {"files": [(io.BytesIO(content), name) for name, content in files]}


def rows(engine, table):
    with reading(engine) as session:
        found = session.scalars(select(table).order_by(table.id)).all()
        session.expunge_all()
    return found


def test_saving_takes_the_files_along_and_goes_where_the_button_says(season, as_demo):
    unit = as_demo("unit.00004")
    kept = unit.post(f"{ACT}/self_score", draft(("mot.pdf", PDF), ("hai.pdf", PDF + b"\n"), go="IV.10"), content_type="multipart/form-data")
    assert (kept.status_code, kept.location) == (303, "/ky/2025/ho-so/00004/chi-so/IV.10")
    page = unit.get(f"/ky/2025/ho-so/00004/chi-so/{ITEM}").text
    assert "mot.pdf" in page
    assert "hai.pdf" in page
    assert 'value="12.480"' in page


def test_a_file_that_is_refused_keeps_the_typed_text_and_nothing_is_half_written(season, as_demo):
    unit = as_demo("unit.00004")
    refused = unit.post(f"{ACT}/self_score", draft(("mot.pdf", PDF), ("virus.exe", b"MZ")), content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "Chưa tệp nào được tải lên" in refused.text
    assert 'value="12480"' in refused.text
    assert rows(season.engine, EvidenceLink) == []


def test_a_number_that_is_refused_says_that_the_files_were_not_taken(season, as_demo):
    refused = as_demo("unit.00004").post(f"{ACT}/self_score", draft(("mot.pdf", PDF), a="abc"), content_type="multipart/form-data")
    assert refused.status_code == 422
    assert "Chưa tệp nào được tải lên: sửa chỗ sai ở trên rồi chọn lại." in refused.text
    assert rows(season.engine, EvidenceLink) == []


def test_an_answer_takes_its_files_along_too(released, as_demo):
    released.batch("request_explanation")
    fields = {"code": ITEM, "version": "0", "stance": "contest", "text": "Có bản mới.", "files": [(io.BytesIO(PDF), "moi.pdf")]}
    kept = as_demo("unit.00008").post(f"{ANSWER}/viec/explain", fields, content_type="multipart/form-data")
    assert kept.status_code == 303
    assert [row.answer for row in rows(released.engine, Explanation)] == ["Có bản mới."]
    assert [(link.stage, link.round) for link in rows(released.engine, EvidenceLink)][-1] == ("round2", 1)


def cut(unit, size=200_000):
    """Send the beginning of a file, as a line does that breaks."""
    head = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{unit.token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n'
    )
    return unit.open(
        f"{ACT}/attach_evidence?code={ITEM}", method="POST", input_stream=io.BytesIO(head.encode()), content_length=size,
        content_type="multipart/form-data; boundary=x", base_url=BASE,
    )  # fmt: skip


def again(unit):
    fields = {"code": ITEM, "files": [(io.BytesIO(PDF), "a.pdf")]}
    return unit.post(f"{ACT}/attach_evidence?code={ITEM}", fields, content_type="multipart/form-data")


def test_a_file_that_is_cut_at_closing_may_come_again_and_the_case_be_submitted(season, as_demo):
    season.fill("00004")
    season.at(CLOSES - timedelta(minutes=1))
    unit, head = as_demo("unit.00004"), as_demo("head.00004")
    unit.get(f"/ky/2025/ho-so/00004/chi-so/{ITEM}")
    assert cut(unit).status_code == 400
    assert [upload.finished_at for upload in rows(season.engine, Upload)] == [None]
    season.at(CLOSES + timedelta(minutes=3))
    page = unit.get(f"/ky/2025/ho-so/00004/chi-so/{ITEM}").text
    assert 'id="resend"' in page
    assert 'id="resend"' not in unit.get("/ky/2025/ho-so/00004/chi-so/IV.10").text
    assert again(unit).status_code == 303
    assert 'id="resend"' not in unit.get(f"/ky/2025/ho-so/00004/chi-so/{ITEM}").text
    assert again(unit).status_code == 422, "it is there: nothing more comes in"
    sent = head.post("/ky/2025/ho-so/00004/chuyen/submit", {"declared": ["truthful", "no_secrets"]})
    assert sent.status_code == 303, sent.text


def test_a_file_that_arrived_in_time_opens_nothing_after_closing(season, as_demo):
    season.at(CLOSES - timedelta(minutes=1))
    unit = as_demo("unit.00004")
    unit.get(f"/ky/2025/ho-so/00004/chi-so/{ITEM}")
    assert again(unit).status_code == 303
    assert all(upload.finished_at for upload in rows(season.engine, Upload))
    season.at(CLOSES + timedelta(minutes=3))
    assert "Đã hết hạn" in again(unit).text


def test_an_address_that_is_none_is_refused_at_its_field(season, as_demo):
    unit = as_demo("unit.00004")
    refused = unit.post(f"{ACT}/attach_evidence", {"code": ITEM, "link": "http://[::1"})
    assert refused.status_code == 422
    assert "Địa chỉ phải bắt đầu bằng http:// hoặc https://." in refused.text
    assert unit.post(f"{ACT}/self_score", {"code": ITEM}, headers={"Origin": "http://[::1"}).status_code == 400
