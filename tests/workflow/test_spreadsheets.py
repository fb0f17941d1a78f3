"""Files for spreadsheets: text stays text, numbers stay numbers, and nothing is ever run."""

import csv
import io

import pytest
from openpyxl import load_workbook

from workflow.spreadsheets.csv_files import csv_bytes, guarded, points_as_decimal, unguarded
from workflow.spreadsheets.workbooks import Column, Sheet, make_workbook, sheet_name

PAYLOADS = ["=1+1", "+84 24", "-5", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠a", " =1+1", "=cmd|'/c calc'!A0"]


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_of_a_csv_begins_as_a_formula_does(text):
    rows = list(csv.reader(io.StringIO(csv_bytes(["a"], [[text]]).decode("utf-8-sig"), newline="")))
    assert rows[1] == [f"'{text}"]
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["Phường Ba Đình", "00004", "a=b", "'quoted'", ""])
def test_plain_text_is_left_alone(text):
    assert guarded(text) == text
    assert unguarded(text) == text


def test_a_csv_starts_with_the_mark_excel_looks_for_and_keeps_leading_zeros():
    content = csv_bytes(["ma", "diem"], [["00004", points_as_decimal(2_760_600)], ["00008", None]])
    assert content == "\ufeffma,diem\r\n00004,276.06\r\n00008,\r\n".encode()


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_text_of_a_workbook_is_a_formula_a_number_or_a_link(text):
    content = make_workbook("Thử", [Sheet("A", [Column("Cột")], [[text], ["http://example.org"], ["00004"]], lines=[text])], foot=text)
    page = load_workbook(io.BytesIO(content))["A"]
    assert {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert not any(cell.hyperlink for row in page.iter_rows() for cell in row)


def test_points_and_percents_are_numbers_that_excel_prints_with_the_comma_of_the_country():
    columns = [Column("Tên"), Column("Điểm", kind="points"), Column("Tỷ lệ", kind="percent"), Column("Hạng", kind="whole")]
    sheet = Sheet("A", columns, [["Láng", 2_760_600, 9202, 7], ["Ba Vì", None, None, None]])
    page = load_workbook(io.BytesIO(make_workbook("Thử", [sheet])))["A"]
    assert [cell.value for cell in page[2]] == ["Láng", 276.06, 0.9202, 7]
    assert page["B2"].number_format == "#,##0.00"
    assert page["B3"].value is None


def test_the_same_table_makes_the_same_bytes():
    sheets = [Sheet("A", [Column("Cột")], [["x"]])]
    assert make_workbook("Thử", sheets) == make_workbook("Thử", sheets)


def test_names_of_worksheets_are_what_excel_takes():
    assert sheet_name("Sở và cơ quan tương đương Sở [2025]: tổng hợp") == "Sở và cơ quan tương đương Sở  2"
    assert sheet_name("///") == "1"
