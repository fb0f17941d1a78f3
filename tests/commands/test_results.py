import json
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest

from models.session import transaction
from models.tables import Assessment, Publication
from tests.commands.conftest import CATALOGUE
from workflow.dataset import build_dataset, dataset_hash

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def publish(engine, visible_from=YESTERDAY):
    """Write a publication of the season as it stands; what leads to one is tested with the workflow."""
    with transaction(engine) as session:
        assessment = session.query(Assessment).one()
        dataset = build_dataset(session, assessment)
        made = Publication(
            assessment_id=assessment.id, version=1, dataset=dataset, sha256=dataset_hash(dataset), decision_number="1/QĐ-UBND",
            decision_on=date(2026, 3, 1), visible_from=visible_from, published_at=YESTERDAY,
        )  # fmt: skip
        session.add(made)
        return dataset_hash(dataset)


@pytest.fixture
def opened(installed, calendar):
    installed("catalogue", "import", CATALOGUE)
    installed("assessment", "open", "--catalogue", "hanoi-5279-2025", "--year", "2025", "--calendar", calendar)
    return installed


def test_what_is_exported_verifies_without_any_installation(opened, engine, tmp_path, monkeypatch):
    seal = publish(engine)
    out = tmp_path / "kết quả.zip"
    assert seal in opened("results", "export", "2025", "--out", out).out
    monkeypatch.setenv("THAMDINH_DATABASE_URL", "sqlite:////nowhere")
    told = opened("verify", out)
    assert told.code == 0
    assert told.out.startswith("KHỚP")
    assert seal in told.out


def test_a_changed_number_is_told_and_exits_1(opened, engine, tmp_path):
    publish(engine)
    out, forged = tmp_path / "a.zip", tmp_path / "b.zip"
    opened("results", "export", "2025", "--out", out)
    with zipfile.ZipFile(out) as whole, zipfile.ZipFile(forged, "w") as changed:
        for name in whole.namelist():
            content = whole.read(name)
            if name == "dataset.json":
                dataset = json.loads(content)
                dataset["units"][0]["total"] += 1
                content = json.dumps(dataset).encode()
            changed.writestr(name, content)
    told = opened("verify", forged)
    assert (told.code, told.out.startswith("KHÔNG KHỚP: ")) == (1, True)


def test_nothing_is_exported_before_the_public_may_read_it(opened, engine, tmp_path):
    out = tmp_path / "a.zip"
    assert opened("results", "export", "2025", "--out", out).code == 1
    publish(engine, visible_from=datetime.now(UTC) + timedelta(days=1))
    assert opened("results", "export", "2025", "--out", out).code == 1
    assert opened("results", "export", "2031", "--out", out).code == 1
    assert not out.exists()


def test_a_file_that_is_no_bundle_is_one_line(thamdinh, tmp_path):
    (tmp_path / "a.zip").write_bytes(b"100 %s no bundle")
    told = thamdinh("verify", tmp_path / "a.zip")
    assert (told.code, told.err.count("\n")) == (1, 1)
