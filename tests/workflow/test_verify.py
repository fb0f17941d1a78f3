"""A bundle is read back by a second computation: a sound one passes, and every single change is found."""

import hashlib
import io
import json
import zipfile

import pytest

from tests.published import dataset, publication
from workflow.bundle import TABLES, bundle_name, make_bundle
from workflow.dataset import dataset_hash
from workflow.verify import Unreadable, seal_of, verify_bundle, verify_dataset


def rewritten(bundle, name, change):
    """Return the bundle with one file changed, as somebody would who also mends that file's hash in the manifest."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    files[name] = change(files[name])
    manifest = json.loads(files["manifest.json"])
    if name in manifest.get("files", ()):
        manifest["files"][name]["sha256"] = hashlib.sha256(files[name]).hexdigest()
        files["manifest.json"] = json.dumps(manifest).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for one, content in files.items():
            archive.writestr(one, content)
    return out.getvalue()


def test_a_sound_bundle_has_no_difference_and_names_its_seal():
    bundle = make_bundle(publication())
    assert list(verify_bundle(bundle)) == []
    assert seal_of(bundle) == dataset_hash(dataset())


def test_the_same_publication_makes_the_same_bytes():
    assert make_bundle(publication()) == make_bundle(publication())
    assert bundle_name(publication()) == "ket-qua-2025-v1.zip"


def test_every_file_but_the_manifest_is_in_the_manifest():
    with zipfile.ZipFile(io.BytesIO(make_bundle(publication()))) as archive:
        names, manifest = set(archive.namelist()), json.loads(archive.read("manifest.json"))
        readme = archive.read("README.txt").decode()
    assert set(manifest["files"]) == names - {"manifest.json"}
    assert {table.name for table in TABLES} <= names
    assert "thamdinh verify ket-qua-2025-v1.zip" in readme
    assert dataset_hash(dataset()) in readme


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("units", 0, "items", 0, "final"), 19_900, "00004/total"),
        (("units", 0, "items", 0, "final"), 40_000, "00004/IV.01/final"),
        (("units", 0, "items", 0, "final"), 20_050, "00004/IV.01/final"),
        (("units", 0, "items", 0, "self"), -100, "00004/IV.01/self"),
        (("units", 0, "items", 0, "maximum"), 20_000, "00004/IV.01/maximum"),
        (("units", 0, "total"), 41_000, "00004/total"),
        (("units", 0, "maximum"), 50_000, "00004/maximum"),
        (("units", 0, "percent"), 6668, "00004/percent"),
        (("units", 0, "groups", 1, "points"), 1, "00004/2"),
        (("units", 0, "rank"), 3, "00004/rank"),
        (("units", 3, "rank"), 3, "00070/rank"),
        (("units", 2, "rank"), None, "00025/rank"),
        (("units", 4, "rank"), 5, "00082/rank"),
        (("units", 5, "rank"), 5, "00097/rank"),
        (("units", 1, "items", 1, "counts"), True, "00008/maximum"),
        (("units", 2, "excluded"), True, "00004/rank"),
        (("sets", 0, "total"), 70_000, "IV/total"),
        (("sets", 0, "groups", 0, "points"), 70_000, "IV/1/points"),
    ],
)
def test_every_change_of_a_number_is_found_even_when_all_hashes_are_mended(path, value, place):
    data = dataset()
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    assert place in {one.place for one in verify_bundle(make_bundle(publication(data)))}


def test_the_first_difference_says_what_is_stated_and_what_was_computed():
    data = dataset()
    data["units"][0]["percent"] = None
    assert str(next(verify_dataset(data))) == "00004/percent: ghi trống, tính lại 6667"


def test_ranking_on_points_is_recomputed_on_points():
    data = dataset() | {"rank_on": "points"}
    assert {one.place for one in verify_dataset(data)} == {"00008/rank", "00070/rank"}


def test_a_changed_file_is_found_by_its_hash():
    bundle = make_bundle(publication())
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        manifest = archive.read("manifest.json")
    changed = rewritten(rewritten(bundle, "README.txt", lambda _: b"?"), "manifest.json", lambda _: manifest)
    assert [one.place for one in verify_bundle(changed)] == ["README.txt/sha256"]


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("ket-qua.csv", b"4.00", b"4.01", "ket-qua.csv/00004"), ("ket-qua.csv", b"66.67", b"66.68", "ket-qua.csv/00004"),
        ("ket-qua.csv", "Phường Ba Đình".encode(), "Phường Ba Vì".encode(), "ket-qua.csv/00004"),
        ("ket-qua.csv", "Giải thể".encode(), "Sáp nhập".encode(), "ket-qua.csv/00097"),
        ("danh-muc-chi-so.csv", "Tỷ lệ".encode(), "Số".encode(), "danh-muc-chi-so.csv/IV.01"),
        ("tham-dinh-cheo.csv", "Bà A".encode(), "Ông B".encode(), "tham-dinh-cheo.csv/00004/IV.01"),
        ("nhom.csv", b"2.00", b"2.50", "nhom.csv/00004/1"), ("chi-so.csv", b"1.50", b"1.51", "chi-so.csv/00025/IV.02"),
    ],
)  # fmt: skip
def test_a_table_that_says_something_else_than_the_dataset_is_found(name, old, new, place):
    changed = rewritten(make_bundle(publication()), name, lambda content: content.replace(old, new, 1))
    assert [one.place for one in verify_bundle(changed)] == [place]


def test_a_dataset_that_was_exchanged_is_found_by_the_seal():
    changed = rewritten(make_bundle(publication()), "dataset.json", lambda content: content.replace(b"2025", b"2026"))
    assert "dataset_sha256" in {one.place for one in verify_bundle(changed)}


def test_a_row_that_is_missing_is_found_even_where_it_held_no_points():
    changed = rewritten(make_bundle(publication()), "chi-so.csv", lambda content: content.replace(b"00070,IV.02,1,3.00,,,\r\n", b""))
    assert [one.place for one in verify_bundle(changed)] == ["chi-so.csv/00070/IV.02"]


@pytest.mark.parametrize("content", [b"", b"PK", b"\0" * 100])
def test_what_is_no_zip_is_said_to_be_none(content):
    with pytest.raises(Unreadable):
        list(verify_bundle(content))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("dataset.json", lambda _: b"[]"), ("dataset.json", lambda _: b"{"), ("dataset.json", lambda _: b"{}"),
        ("dataset.json", lambda content: content.replace(b'"units":[', b'"units":[1,')), ("manifest.json", lambda _: b"{}"),
        ("dataset.json", lambda _: b"[" * 100_000), ("ket-qua.csv", lambda _: b"a\r\n1\r\n"),
    ],
)  # fmt: skip
def test_a_zip_that_is_no_bundle_is_unreadable_and_never_breaks_the_program(name, change):
    with pytest.raises(Unreadable):
        list(verify_bundle(rewritten(make_bundle(publication()), name, change)))


def test_a_zip_that_claims_to_be_huge_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(60):
            archive.writestr(f"{number}.txt", b"")
    with pytest.raises(Unreadable, match="quá lớn"):
        list(verify_bundle(out.getvalue()))
