"""The draft ranking ranks who has every result, and says of the others how much is missing."""

import io
import re

from openpyxl import load_workbook

from tests.season import GRADING
from workflow.signing import withdraw_sign_off


def ranked(visitor):
    """Return the rows of the draft ranking, by unit."""
    page = visitor.get("/ky/2025/cong-bo").text.split('id="chua-chot"')[0]
    return dict(re.findall(r'<tr data-unit="(\w+)"(.*?)</tr>', page, re.DOTALL))


def test_the_draft_ranks_only_units_with_every_result(season, as_demo):
    for unit in season.units:
        season.fill(unit)
    season.submit()
    season.at(GRADING)
    season.grade_all()
    secretary = as_demo("secretariat.skhcn")
    rows = ranked(secretary)
    assert rows
    assert all("chưa có kết quả" not in row for row in rows.values())
    with season.acting("lead.skhcn") as (session, actor):
        withdraw_sign_off(session, actor, "2025", "IV.09", ["00004"])
    rows = ranked(secretary)
    assert "còn 1 chỉ số chưa có kết quả" in rows["00004"]
    assert "<b>1</b>" in rows["00008"]
    book = load_workbook(io.BytesIO(secretary.get("/ky/2025/cong-bo.xlsx").data))
    lines = {row[1]: row for row in book.worksheets[0].iter_rows(values_only=True) if row[1]}
    assert lines["00004"][0] is None
    assert lines["00004"][-1] == "Còn 1 chỉ số chưa có kết quả"
    assert lines["00008"][0] == 1
