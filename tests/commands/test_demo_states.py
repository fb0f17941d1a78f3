"""`thamdinh demo --at`: the year stands wherever one wants to look at it."""

import json
import sqlite3

import pytest

from states.case import CaseState

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("at", [*(state.value for state in CaseState), "mixed"])
def test_the_demo_loads_with_its_year_at_every_state(thamdinh, tmp_path, at):
    told = thamdinh("demo", "--load-only", "--at", at, "--data", tmp_path / "demo")
    assert told.code == 0, told
    with sqlite3.connect(tmp_path / "demo" / "thamdinh.sqlite") as rows:
        found = dict(rows.execute("""select c.state, count(*) from "case" c join assessment a on a.id = c.assessment_id
                                     where a.slug = '2026' group by c.state""").fetchall())
    rows.close()
    assert sum(found.values()) == 143
    assert set(found) == {at} if at != "mixed" else len(found) == 5, json.dumps(found)
