"""A small published result written by hand, with every awkward case in it: ties, not applicable, excluded, nothing to count."""

from datetime import UTC, date, datetime

from models.tables import Publication
from workflow.dataset import dataset_hash

P = 10_000
LIST = "Xã, phường"
NAMES = {
    "00004": "Phường Ba Đình", "00008": "Phường Ngọc Hà", "00025": "Phường Giảng Võ", "00070": "Phường Hoàn Kiếm",
    "00082": "Phường Cửa Nam", "00097": "Xã Hồng Hà",
}  # fmt: skip


def item(code, final, own=None, *, counts=True):
    """One item of 3 points."""
    return {"code": code, "maximum": 3 * P, "counts": counts, "self": own, "round1": final, "final": final}


def unit(code, first, second, stated):
    """One unit with its two items and what is stated of it: total, maximum, percent, rank."""
    items = [item("IV.01", *first[:2], counts=first[2]), item("IV.02", *second[:2], counts=second[2])] if first else []
    groups = [
        {"number": number, "points": one["final"] or 0, "maximum": 3 * P} for number, one in zip("12", items, strict=False) if one["counts"]
    ]
    total, maximum, percent, rank = stated
    return {
        "code": code, "name": NAMES[code], "kind": "xa" if code == "00097" else "phuong", "ranking_group": LIST,
        "excluded": not first, "excluded_reason": "" if first else "=Giải thể từ 01/7", "total": total, "maximum": maximum * P,
        "percent": percent, "rank": rank, "groups": groups, "items": items,
    }  # fmt: skip


def dataset():
    """Two units tie on the printed percent, one leaves out an indicator, one has a blank, one counts nothing, one is excluded."""
    indicator = {"title": "Tỷ lệ hộ gia đình được phủ mạng", "points": 3 * P}
    names = {"1": "Nhận thức số", "2": "Hạ tầng số"}
    groups = [
        {"number": number, "title": name, "short_title": name, "points": 3 * P, "indicators": [indicator | {"code": f"IV.0{number}"}]}
        for number, name in names.items()
    ]
    catalogue = {"code": "thu", "decision": {"number": "1/QĐ-UBND", "date": "2025-10-23"}, "sha256": "", "decimals": 2}
    return {
        "format": 1, "assessment": "2025", "year": 2025, "title": "Kỳ đánh giá 2025", "guidance_sha256": "", "policies": {},
        "catalogue": catalogue, "rank_on": "percent",
        "sets": [{"code": "IV", "title": "Cấp xã", "ranking_group": LIST, "total": 6 * P, "groups": groups}],
        "units": [
            unit("00004", (20_000, 30_000, True), (20_000, 20_000, True), (40_000, 6, 6667, 2)),
            unit("00008", (20_000, 20_000, True), (None, None, False), (20_000, 3, 6667, 2)),
            unit("00025", (30_000, 30_000, True), (15_000, 15_000, True), (45_000, 6, 7500, 1)),
            unit("00070", (30_000, 30_000, True), (None, None, True), (30_000, 6, 5000, 4)),
            unit("00082", (None, None, False), (None, None, False), (0, 0, None, None)),
            unit("00097", (), (), (0, 0, None, None)),
        ],
        "rerouted": [{"unit": "00004", "code": "IV.01", "reason": "own_case", "graded_by": "Bà A"}],
    }  # fmt: skip


def publication(data=None, **more):
    """The row of a version, not yet in any database."""
    data = data or dataset()
    moment = datetime(2026, 2, 26, 2, tzinfo=UTC)
    about = {"version": 1, "decision_number": "1024/QĐ-UBND", "decision_on": date(2026, 2, 26)}
    about |= {"visible_from": moment, "published_at": moment}
    return Publication(assessment_id=1, dataset=data, sha256=dataset_hash(data), **about | more)
