"""The matrix of progress as a workbook: for each list one worksheet of how far, one of the points so far."""

from workflow.sheets.matrix import CELL_LABELS, Matrix, MatrixList
from workflow.spreadsheets.workbooks import Cell, Column, Sheet, make_workbook

HIDDEN = "xung đột lợi ích"


def progress_workbook(matrix: Matrix, foot: str) -> bytes:
    """Return the workbook; `foot` names who took it and when, on every page."""
    pages = [page for one in matrix.lists for page in (_how_far(matrix, one), _points(matrix, one))]
    return make_workbook(f"Tiến độ {matrix.title}", pages, foot)


def _columns(one: MatrixList, kind: str, width: int) -> list[Column]:
    return [Column("Mã", 9), Column("Đơn vị", 34), Column("Trạng thái", 20), *(Column(code, width, kind) for code in _codes(one))]


def _codes(one: MatrixList) -> list[str]:
    return [code for group in one.groups for code in group.codes]


def _how_far(matrix: Matrix, one: MatrixList) -> Sheet:
    rows: list[list[Cell]] = []
    for row in one.rows:
        cells = [row.cells.get(code) for code in _codes(one)]
        state = row.state.label if row.state else HIDDEN
        rows.append([row.unit, row.name, state, *(CELL_LABELS[cell.cell] if cell else None for cell in cells)])
    return Sheet(f"Tiến độ {one.key}", _columns(one, "text", 13), rows, [matrix.title, one.name], 3)


def _points(matrix: Matrix, one: MatrixList) -> Sheet:
    rows: list[list[Cell]] = []
    for row in one.rows:
        cells = [row.cells.get(code) for code in _codes(one)]
        state = row.state.label if row.state else HIDDEN
        rows.append([row.unit, row.name, state, *(cell.points if cell else None for cell in cells)])
    return Sheet(f"Điểm {one.key}", _columns(one, "points", 8), rows, [f"{matrix.title}: điểm đến nay, chưa phải kết quả", one.name], 3)
