"""What the log may hold: neither what people typed nor what opens a door."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.session import reading


def test_the_log_names_no_token_of_a_link(visitor, people, caplog):
    token = "Zk3Jq9-uTnR7wYb2Lx5Vd8Pc4Hs6Ga1Fe0Mo_KiWyQr"
    assert visitor().get(f"/khong-co/{token}").status_code == 404
    said = [json.loads(record.getMessage()) for record in caplog.records if record.name == "thamdinh.web"]
    assert [line["path"] for line in said] == ["/khong-co/…"]


def test_a_failing_statement_does_not_repeat_what_was_typed(engine):
    with pytest.raises(DBAPIError) as failed, reading(engine) as session:
        session.execute(text("select :typed from nowhere"), {"typed": "Điều chưa ai được biết"})
    assert "nowhere" in str(failed.value)
    assert "chưa ai" not in str(failed.value)
