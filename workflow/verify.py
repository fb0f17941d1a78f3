"""Recomputes a published result from its open-data ZIP, offline: totals, percents, ranks and hashes.

Written apart from the code that made the result, on the standard library alone, so that it is a second computation and no echo.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

LARGEST = 100 * 1024 * 1024
MOST_FILES = 50
TAG = b"thamdinh/dataset/1\0"
POINT, HUNDRED = Decimal(10_000), Decimal(100)
DATASET, MANIFEST, RESULTS, GROUPS, ITEMS = "dataset.json", "manifest.json", "ket-qua.csv", "nhom.csv", "chi-so.csv"
CATALOGUE, REROUTED = "danh-muc-chi-so.csv", "tham-dinh-cheo.csv"
ABSENT = "không có dòng nào"

Dataset = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the bundle does not hold: what it states, and what was computed."""

    place: str
    stated: object
    computed: object

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.place}: ghi {_said(self.stated)}, tính lại {_said(self.computed)}"


def _said(value: object) -> str:
    return "trống" if value is None else str(value)


class Unreadable(Exception):  # noqa: N818  (an answer: this is no bundle)
    """The file is no bundle at all; carries why."""


def verify_bundle(content: bytes) -> Iterator[Difference]:
    """Yield every difference of a bundle, hashes first; nothing means that all agrees. `Unreadable` when it is no bundle."""
    files = _unpack(content)
    manifest, dataset = _json(files, MANIFEST), _json(files, DATASET)
    try:
        yield from _hash_differences(manifest, dataset, files)
        yield from verify_dataset(dataset)
        yield from _table_differences(dataset, files)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as wrong:
        raise Unreadable(f"bộ dữ liệu thiếu hoặc sai chỗ: {wrong!r}") from wrong


def seal_of(content: bytes) -> str:
    """Return the hash of the dataset in a bundle, recomputed: the one to hold against the published page."""
    return dataset_seal(_json(_unpack(content), DATASET))


def dataset_seal(dataset: Dataset) -> str:
    """Return the tagged SHA-256 over sorted, spaceless UTF-8 JSON."""
    written = json.dumps(dataset, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(TAG + written.encode("utf-8")).hexdigest()


def verify_dataset(dataset: Dataset) -> Iterator[Difference]:
    """Yield every difference between what the dataset states and what follows from its items."""
    worth, group_of = _indicators(dataset)
    yield from _set_differences(dataset)
    for unit in dataset["units"]:
        yield from _unit_differences(unit, worth, group_of, Decimal(1).scaleb(-int(dataset["catalogue"]["decimals"])))
    for unit, rank in _ranked(dataset):
        if unit["rank"] != rank:
            yield Difference(f"{unit['code']}/rank", unit["rank"], rank)


def _unpack(content: bytes) -> dict[str, bytes]:
    """Read every file, never more than a bundle can hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            listed = archive.infolist()
            names = [one.filename for one in listed]
            if len(listed) > MOST_FILES or len(set(names)) != len(names) or sum(one.file_size for one in listed) > LARGEST:
                raise Unreadable("tệp ZIP quá lớn hoặc có tên trùng nhau")
            return {one.filename: archive.read(one) for one in listed}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as wrong:
        raise Unreadable("không phải tệp ZIP dùng được") from wrong


def _json(files: Mapping[str, bytes], name: str) -> dict[str, Any]:
    try:
        table = json.loads(files[name].decode("utf-8"))
    except KeyError:
        raise Unreadable(f"thiếu {name}") from None
    except (ValueError, RecursionError) as wrong:
        raise Unreadable(f"{name}: {wrong}") from wrong
    if not isinstance(table, dict):
        raise Unreadable(f"{name} không phải là một đối tượng JSON")
    return table


def _hash_differences(manifest: Mapping[str, Any], dataset: Dataset, files: Mapping[str, bytes]) -> Iterator[Difference]:
    listed = manifest["files"]
    for name in sorted({*listed, *files} - {MANIFEST}):
        stated = listed.get(name, {}).get("sha256")
        computed = hashlib.sha256(files[name]).hexdigest() if name in files else None
        if stated != computed:
            yield Difference(f"{name}/sha256", stated, computed)
    if manifest["dataset_sha256"] != dataset_seal(dataset):
        yield Difference("dataset_sha256", manifest["dataset_sha256"], dataset_seal(dataset))
    if manifest["assessment"] != dataset["assessment"]:
        yield Difference("assessment", manifest["assessment"], dataset["assessment"])


def _indicators(dataset: Dataset) -> tuple[dict[str, int], dict[str, str]]:
    """Return points and group number of every indicator."""
    groups = [group for chosen in dataset["sets"] for group in chosen["groups"]]
    worth = {one["code"]: one["points"] for group in groups for one in group["indicators"]}
    return worth, {one["code"]: group["number"] for group in groups for one in group["indicators"]}


def _set_differences(dataset: Dataset) -> Iterator[Difference]:
    for chosen in dataset["sets"]:
        for group in chosen["groups"]:
            found = sum(one["points"] for one in group["indicators"])
            if group["points"] != found:
                yield Difference(f"{chosen['code']}/{group['number']}/points", group["points"], found)
        found = sum(group["points"] for group in chosen["groups"])
        if chosen["total"] != found:
            yield Difference(f"{chosen['code']}/total", chosen["total"], found)


def _unit_differences(unit: Dataset, worth: Mapping[str, int], group_of: Mapping[str, str], printed: Decimal) -> Iterator[Difference]:
    code = unit["code"]
    for item in unit["items"]:
        yield from _item_differences(f"{code}/{item['code']}", item, worth, printed)
    counting = [item for item in unit["items"] if item["counts"]]
    total = sum((Decimal(item["final"] or 0) for item in counting), Decimal(0))
    maximum = sum((Decimal(item["maximum"]) for item in counting), Decimal(0))
    for what, computed in (("total", int(total)), ("maximum", int(maximum)), ("percent", _percent(total, maximum))):
        if unit[what] != computed:
            yield Difference(f"{code}/{what}", unit[what], computed)
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for item in counting:
        sums[group_of[item["code"]]][0] += item["final"] or 0
        sums[group_of[item["code"]]][1] += item["maximum"]
    stated = {group["number"]: [group["points"], group["maximum"]] for group in unit["groups"]}
    for number in sorted({*sums, *stated}):
        if stated.get(number) != sums.get(number):
            yield Difference(f"{code}/{number}", stated.get(number), sums.get(number))


def _item_differences(place: str, item: Dataset, worth: Mapping[str, int], printed: Decimal) -> Iterator[Difference]:
    if item["maximum"] != worth.get(item["code"]):
        yield Difference(f"{place}/maximum", item["maximum"], worth.get(item["code"]))
    for what in ("self", "round1", "final"):
        points = item[what]
        if points is None:
            continue
        shown = (Decimal(points) / POINT).quantize(printed, ROUND_HALF_UP) * POINT
        held = int(min(max(shown, Decimal(0)), Decimal(item["maximum"])))
        if points != held:
            yield Difference(f"{place}/{what}", points, held)


def _percent(total: Decimal, maximum: Decimal) -> int | None:
    """Return hundredths of a percent, half-up; nothing of nothing."""
    return int((total * HUNDRED * HUNDRED / maximum).quantize(Decimal(1), ROUND_HALF_UP)) if maximum else None


def _ranked(dataset: Dataset) -> Iterator[tuple[Dataset, int | None]]:
    """Yield each unit with its rank: one more than how many of its list stand strictly above it."""
    by = "percent" if dataset["rank_on"] == "percent" else "total"
    for unit in dataset["units"]:
        if unit["excluded"] or unit["percent"] is None:
            yield unit, None
            continue
        rivals = [one for one in dataset["units"] if one["ranking_group"] == unit["ranking_group"]]
        yield unit, 1 + sum(1 for one in rivals if not one["excluded"] and one["percent"] is not None and one[by] > unit[by])


def _table_differences(dataset: Dataset, files: Mapping[str, bytes]) -> Iterator[Difference]:
    """Compare the tables people open with the dataset."""
    units = {unit["code"]: unit for unit in dataset["units"]}
    stated: dict[str, object] = {
        row["ma_don_vi"]: (
            _whole(row["hang"]), _points(row["diem"]), _points(row["diem_toi_da"]), _hundredths(row["ty_le"]), row["bi_loai"] == "1",
            *(_text(row[name]) for name in ("danh_sach", "ten_don_vi", "ly_do_loai")),
        )
        for row in _rows(files, RESULTS)
    }  # fmt: skip
    about = ("rank", "total", "maximum", "percent", "excluded", "ranking_group", "name", "excluded_reason")
    yield from _compare(RESULTS, stated, {code: tuple(unit[what] for what in about) for code, unit in units.items()})
    stated = {f"{row['ma_don_vi']}/{row['nhom']}": (_points(row["diem"]), _points(row["diem_toi_da"])) for row in _rows(files, GROUPS)}
    computed = {f"{code}/{one['number']}": (one["points"], one["maximum"]) for code, unit in units.items() for one in unit["groups"]}
    yield from _compare(GROUPS, stated, computed)
    columns = ("diem_toi_da", "tu_cham", "vong_1", "ket_qua")
    stated = {
        f"{row['ma_don_vi']}/{row['ma_chi_so']}": (row["ap_dung"] == "1", *(_points(row[name]) for name in columns))
        for row in _rows(files, ITEMS)
    }
    figures = ("counts", "maximum", "self", "round1", "final")
    listed = {f"{code}/{one['code']}": tuple(one[what] for what in figures) for code, unit in units.items() for one in unit["items"]}
    yield from _compare(ITEMS, stated, listed)
    yield from _text_differences(dataset, files)


def _text_differences(dataset: Dataset, files: Mapping[str, bytes]) -> Iterator[Difference]:
    """Compare the tables of words: what was assessed, and who graded instead of a body."""
    stated: dict[str, object] = {
        row["ma_chi_so"]: (_text(row["ten_nhom"]), _text(row["ten_chi_so"]), _points(row["diem_toi_da"])) for row in _rows(files, CATALOGUE)
    }
    held = {
        one["code"]: (group["title"], one["title"], one["points"])
        for chosen in dataset["sets"] for group in chosen["groups"] for one in group["indicators"]
    }  # fmt: skip
    yield from _compare(CATALOGUE, stated, held)
    stated = {f"{row['ma_don_vi']}/{row['ma_chi_so']}": (_text(row["ly_do"]), _text(row["nguoi_cham"])) for row in _rows(files, REROUTED)}
    named = {f"{one['unit']}/{one['code']}": (one["reason"], one["graded_by"]) for one in dataset["rerouted"]}
    yield from _compare(REROUTED, stated, named)


def _text(cell: str) -> str:
    """Return the words of a cell without the sign that keeps a spreadsheet from taking them for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _compare(name: str, stated: Mapping[str, object], computed: Mapping[str, object]) -> Iterator[Difference]:
    for key in sorted({*stated, *computed}):
        if stated.get(key, ABSENT) != computed.get(key, ABSENT):
            yield Difference(f"{name}/{key}", stated.get(key, ABSENT), computed.get(key, ABSENT))


def _rows(files: Mapping[str, bytes], name: str) -> Iterator[dict[str, str]]:
    if name not in files:
        raise Unreadable(f"thiếu {name}")
    yield from csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline=""))


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _points(text: str) -> int | None:
    return int(Decimal(text) * POINT) if text else None


def _hundredths(text: str) -> int | None:
    return int(Decimal(text) * HUNDRED) if text else None
