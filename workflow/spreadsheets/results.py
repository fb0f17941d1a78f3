"""A result as files: the XLSX of a ranking with every list and every indicator, and the one wide CSV."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from workflow.sheets.results import Line, RankingList
from workflow.spreadsheets.csv_files import csv_bytes, percent_as_decimal, points_as_decimal
from workflow.spreadsheets.workbooks import Cell, Column, Sheet, make_workbook

EXCLUDED = "Loại khỏi kỳ đánh giá"
UNRANKED = "Không xếp hạng"
AWAITED = "Còn {} chỉ số chưa có kết quả"
HIDDEN = "Xung đột lợi ích"


def results_workbook(
    title: str, lists: Sequence[RankingList], dataset: Mapping[str, Any], lines: Sequence[str] = (), foot: str = ""
) -> bytes:
    """Return one worksheet per list, one with all indicators of its units, and the cross-graded ones; `lines` stand on top of each."""
    pages = [page for one in lists for page in (_ranking(one, lines), _indicators(one, dataset, lines))]
    return make_workbook(title, [*pages, _rerouted(lists, dataset)], foot)


def _ranking(ranking: RankingList, lines: Sequence[str]) -> Sheet:
    columns = [
        Column("Hạng", 7, "whole"), Column("Mã", 9), Column("Đơn vị", 38), Column("Điểm", 10, "points"),
        Column("Điểm tối đa", 10, "points"), Column("Tỷ lệ", 9, "percent"),
        *(Column(f"{group.number}. {group.short_title}", 12, "points") for group in ranking.groups),
        Column("Ghi chú", 30),
    ]  # fmt: skip
    return Sheet(ranking.name, columns, [_row(ranking, line) for line in ranking.lines], [*lines, ranking.name] if lines else (), 3)


def _row(ranking: RankingList, line: Line) -> list[Cell]:
    shares = [line.shares.get(group.number) if line.settled else None for group in ranking.groups]
    points: list[Cell] = [line.total, line.maximum, line.percent] if line.settled else [None, None, None]
    return [line.rank, line.code, line.name, *points, *(share.points if share else None for share in shares), _note(line)]


def _note(line: Line) -> str:
    if line.hidden:
        return HIDDEN
    if line.excluded:
        return f"{EXCLUDED}: {line.excluded_reason}"
    if line.awaited:
        return AWAITED.format(line.awaited)
    return "" if line.rank else UNRANKED


def _indicators(ranking: RankingList, dataset: Mapping[str, Any], lines: Sequence[str]) -> Sheet:
    chosen = next(one for one in dataset["sets"] if one["code"] == ranking.key)
    codes = [one["code"] for group in chosen["groups"] for one in group["indicators"]]
    columns = [Column("Mã", 9), Column("Đơn vị", 38), *(Column(code, 9, "points") for code in codes)]
    items = {unit["code"]: {one["code"]: one for one in unit["items"]} for unit in dataset["units"]}
    rows = [[line.code, line.name, *(_point(items[line.code].get(code)) for code in codes)] for line in ranking.lines if line.settled]
    return Sheet(f"Chỉ số {ranking.key}", columns, rows, lines, 2)


def _point(item: Mapping[str, Any] | None) -> Cell:
    if item is None:
        return None
    return item["final"] if item["counts"] else "KPS"


def _rerouted(lists: Sequence[RankingList], dataset: Mapping[str, Any]) -> Sheet:
    names = {line.code: line.name for one in lists for line in one.lines if not line.hidden}
    columns = [Column("Mã đơn vị", 10), Column("Đơn vị", 38), Column("Chỉ số", 10), Column("Người chấm", 28)]
    rows = [[one["unit"], names[one["unit"]], one["code"], one["graded_by"]] for one in dataset["rerouted"] if one["unit"] in names]
    return Sheet("Thẩm định chéo", columns, rows)


def results_csv(lists: Sequence[RankingList], dataset: Mapping[str, Any]) -> bytes:
    """Return one table of all lists: rank, total, percent, and the points of each group."""
    decimals = int(dataset["catalogue"]["decimals"])
    numbers = sorted({group.number for one in lists for group in one.groups}, key=lambda number: (len(number), number))
    header = ["danh_sach", "hang", "ma_don_vi", "ten_don_vi", "diem", "diem_toi_da", "ty_le", "bi_loai"]
    return csv_bytes([*header, *(f"nhom_{number}" for number in numbers)], _csv_rows(lists, numbers, decimals))


def _csv_rows(lists: Sequence[RankingList], numbers: Sequence[str], decimals: int) -> Iterator[Sequence[Any]]:
    for one in lists:
        for line in one.lines:
            total = (line.total, line.maximum) if line.settled else (None, None)
            shares = [line.shares[number].points if number in line.shares else None for number in numbers]
            printed = [points_as_decimal(points, decimals) for points in (*total, *shares)]
            excluded = "1" if line.excluded else "0"
            yield [one.name, line.rank, line.code, line.name, *printed[:2], percent_as_decimal(line.percent), excluded, *printed[2:]]
