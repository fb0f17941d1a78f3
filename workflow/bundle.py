"""The open-data bundle of a publication: dataset, tables, what their columns mean, and the SHA-256 of each (Decision 5279, art. 2.3.c).

The same publication always makes the same bytes. `workflow.verify` reads it back without anything from here.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.tables import Publication
from workflow.canonical import canonical
from workflow.spreadsheets.csv_files import Cell, csv_bytes, percent_as_decimal, points_as_decimal

FORMAT = 1
STEADY = (2000, 1, 1, 0, 0, 0)
"""The time stamp of every file in the ZIP."""

Dataset = Mapping[str, Any]
Rows = Iterator[list[Cell]]


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV of the bundle: its columns with what each means, and how its rows follow from the dataset."""

    name: str
    about: str
    columns: Mapping[str, str]
    rows: Callable[[Dataset], Rows]


def _decimals(dataset: Dataset) -> int:
    return int(dataset["catalogue"]["decimals"])


def _results(dataset: Dataset) -> Rows:
    for unit in dataset["units"]:
        yield [
            unit["ranking_group"], unit["rank"], unit["code"], unit["name"], points_as_decimal(unit["total"], _decimals(dataset)),
            points_as_decimal(unit["maximum"], _decimals(dataset)), percent_as_decimal(unit["percent"]),
            "1" if unit["excluded"] else "0", unit["excluded_reason"],
        ]  # fmt: skip


def _groups(dataset: Dataset) -> Rows:
    for unit in dataset["units"]:
        for group in unit["groups"]:
            yield [
                unit["code"], group["number"], points_as_decimal(group["points"], _decimals(dataset)),
                points_as_decimal(group["maximum"], _decimals(dataset)),
            ]  # fmt: skip


def _items(dataset: Dataset) -> Rows:
    for unit in dataset["units"]:
        for item in unit["items"]:
            points = [points_as_decimal(item[what], _decimals(dataset)) for what in ("maximum", "self", "round1", "final")]
            yield [unit["code"], item["code"], "1" if item["counts"] else "0", *points]


def _indicators(dataset: Dataset) -> Rows:
    for chosen in dataset["sets"]:
        for group in chosen["groups"]:
            for one in group["indicators"]:
                worth = points_as_decimal(one["points"], _decimals(dataset))
                yield [chosen["code"], chosen["ranking_group"], group["number"], group["title"], one["code"], one["title"], worth]


def _rerouted(dataset: Dataset) -> Rows:
    for one in dataset["rerouted"]:
        yield [one["unit"], one["code"], one["reason"], one["graded_by"]]


TABLES = (
    Table("ket-qua.csv", "Kết quả và thứ hạng của từng đơn vị.", {
        "danh_sach": "Danh sách xếp hạng", "hang": "Thứ hạng trong danh sách; trống nếu không xếp hạng", "ma_don_vi": "Mã đơn vị",
        "ten_don_vi": "Tên đơn vị", "diem": "Tổng điểm", "diem_toi_da": "Tổng điểm tối đa của các chỉ số áp dụng",
        "ty_le": "diem ÷ diem_toi_da × 100, làm tròn 2 chữ số", "bi_loai": "1 nếu bị loại khỏi kỳ đánh giá", "ly_do_loai": "Lý do loại",
    }, _results),
    Table("nhom.csv", "Điểm của từng đơn vị theo chỉ số chính.", {
        "ma_don_vi": "Mã đơn vị", "nhom": "Số của chỉ số chính", "diem": "Điểm đạt",
        "diem_toi_da": "Điểm tối đa của các chỉ số áp dụng trong nhóm",
    }, _groups),
    Table("chi-so.csv", "Điểm của từng đơn vị theo chỉ số thành phần.", {
        "ma_don_vi": "Mã đơn vị", "ma_chi_so": "Mã chỉ số", "ap_dung": "0 nếu không phát sinh, không tính vào tử và mẫu",
        "diem_toi_da": "Điểm tối đa", "tu_cham": "Điểm đơn vị tự chấm", "vong_1": "Điểm thẩm định vòng 1", "ket_qua": "Điểm cuối cùng",
    }, _items),
    Table("danh-muc-chi-so.csv", "Danh mục chỉ số của quyết định.", {
        "bo_chi_so": "Mã phụ lục", "danh_sach": "Danh sách xếp hạng", "nhom": "Số của chỉ số chính", "ten_nhom": "Tên chỉ số chính",
        "ma_chi_so": "Mã chỉ số", "ten_chi_so": "Nguyên văn quyết định", "diem_toi_da": "Điểm tối đa",
    }, _indicators),
    Table("tham-dinh-cheo.csv", "Chỉ số do Hội đồng chấm thay vì cơ quan chấm là chính đơn vị.", {
        "ma_don_vi": "Mã đơn vị", "ma_chi_so": "Mã chỉ số", "ly_do": "own_case: cơ quan chấm là chính đơn vị", "nguoi_cham": "Ủy viên chấm",
    }, _rerouted),
)  # fmt: skip
DATASET_NAME, MANIFEST_NAME, DICTIONARY_NAME, README_NAME = "dataset.json", "manifest.json", "tu-dien.csv", "README.txt"

README = """{title}
Quyết định công bố số {number} ngày {day}. Phiên bản {version}.

dataset.json       toàn bộ kết quả; điểm là số nguyên phần vạn của một điểm (2760600 là 276,06), tỷ lệ là phần trăm của một phần trăm
{tables}
tu-dien.csv        ý nghĩa từng cột
manifest.json      SHA-256 của từng tệp và dấu niêm của bộ dữ liệu

Các tệp CSV: UTF-8, phân cách bằng dấu phẩy, thập phân bằng dấu chấm. Mở bằng Excel nên dùng bản XLSX trên trang kết quả.

Tự kiểm tra, không cần mạng:
    thamdinh verify {name}
Lệnh tính lại tổng điểm, tỷ lệ, thứ hạng và mọi dấu, rồi in dấu niêm để đối chiếu với trang công bố:
    {sha256}

Cách tính: điểm mỗi chỉ số in {decimals} chữ số thập phân; tổng là tổng các số đã in; chỉ số không phát sinh không tính vào tử và mẫu;
tỷ lệ làm tròn nửa lên 2 chữ số; xếp hạng theo số đã in; bằng nhau thì đồng hạng, hạng sau bỏ cách (1, 2, 2, 4).
"""


def make_bundle(publication: Publication) -> bytes:
    """Return the ZIP of one version."""
    files = dict(_files(publication))
    files[MANIFEST_NAME] = canonical(_manifest(publication, files))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, STEADY)
            about.compress_type, about.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(about, content)
    return out.getvalue()


def bundle_name(publication: Publication) -> str:
    """Return the file name: "ket-qua-2025-v2.zip"."""
    return f"ket-qua-{publication.dataset['assessment']}-v{publication.version}.zip"


def table_bytes(dataset: Dataset, table: Table) -> bytes:
    """Return one CSV."""
    return csv_bytes(list(table.columns), table.rows(dataset))


def _files(publication: Publication) -> Iterable[tuple[str, bytes]]:
    dataset = publication.dataset
    yield README_NAME, _readme(publication).encode()
    yield DATASET_NAME, canonical(dataset)
    for table in TABLES:
        yield table.name, table_bytes(dataset, table)
    meanings = [(table.name, column, meaning) for table in TABLES for column, meaning in table.columns.items()]
    yield DICTIONARY_NAME, csv_bytes(["tep", "cot", "y_nghia"], meanings)


def _readme(publication: Publication) -> str:
    return README.format(
        title=publication.dataset["title"], number=publication.decision_number, day=f"{publication.decision_on:%d/%m/%Y}",
        version=publication.version, name=bundle_name(publication), sha256=publication.sha256,
        decimals=_decimals(publication.dataset), tables="\n".join(f"{table.name:<22}{table.about}" for table in TABLES),
    )  # fmt: skip


def _manifest(publication: Publication, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {
        "format": FORMAT, "assessment": publication.dataset["assessment"], "version": publication.version,
        "decision": {"number": publication.decision_number, "date": publication.decision_on.isoformat()},
        "published_at": _iso(publication.published_at), "visible_from": _iso(publication.visible_from),
        "dataset_sha256": publication.sha256,
        "files": {name: {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)} for name, content in files.items()},
    }  # fmt: skip


def _iso(moment: datetime) -> str:
    return moment.isoformat()
