"""The pages of `docs/` that are made from the code, so that they cannot lie: `python -m commands.docs` writes them."""

from collections.abc import Callable, Mapping
from dataclasses import fields

from settings import ROOT, Settings, name_of
from states.pictures import lifecycle, permission_page

DOCS = ROOT / "docs"
LIFECYCLE_SOURCE = (
    "Sinh từ bảng `states/moves.py` bằng `make docs`. Không có bước nào tự chạy: hết hạn thì khóa và nhắc, còn chuyển là việc của người."
)


def settings_page() -> str:
    """The table of all settings with their defaults."""
    lines = [
        "# Cài đặt",
        "",
        "Sinh từ `settings.py` bằng `make docs`; sửa ở đó. Tất cả đọc từ biến môi trường, một lần khi khởi động;",
        "một tên `THAMDINH_…` lạ là lỗi, và lỗi ấy nêu tên gần nhất. Múi giờ luôn là Asia/Ho_Chi_Minh.",
        "Giá trị có dấu 🔒 là bí mật: không bao giờ được in ra.",
        "",
        "| tên | mặc định | ý nghĩa |",
        "| --- | --- | --- |",
    ]
    for row in fields(Settings):
        default = row.metadata["default"].replace("{data_dir}", "$THAMDINH_DATA_DIR").replace("{database_url}", "$THAMDINH_DATABASE_URL")
        lock = " 🔒" if row.metadata["secret"] else ""
        lines.append(f"| `{name_of(row.name)}`{lock} | {f'`{default}`' if default else '(trống)'} | {row.metadata['says']} |")
    return "\n".join(lines) + "\n"


def lifecycle_page() -> str:
    """The states of a case and its moves, as a picture."""
    return f"# Vòng đời của một hồ sơ\n\n{LIFECYCLE_SOURCE}\n\n```mermaid\n{lifecycle()}```\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "lifecycle.md": lifecycle_page,
    "permissions.md": permission_page,
    "settings.md": settings_page,
}


README = ROOT / "README.md"
OPENS, CLOSES = "<!-- lifecycle -->\n", "<!-- /lifecycle -->"


def readme() -> str:
    """The README with the lifecycle picture made anew between its marks."""
    before, rest = README.read_text(encoding="utf-8").split(OPENS)
    return f"{before}{OPENS}\n```mermaid\n{lifecycle()}```\n\n{CLOSES}{rest.split(CLOSES)[1]}"


def stale() -> list[str]:
    """The generated pages whose file does not say what the code says."""
    return [name for name, page in PAGES.items() if not (DOCS / name).exists() or (DOCS / name).read_text(encoding="utf-8") != page()]


def write() -> None:
    """Write every stale page, and the picture in the README."""
    README.write_text(readme(), encoding="utf-8")
    for name in stale():
        (DOCS / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    write()
