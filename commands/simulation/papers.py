"""Small real evidence files: readable PDFs set like official reports, each with its own number, subject and figures."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

import typst

THEMES = {
    "Nhận thức số, Thể chế số": (
        "công tác chỉ đạo, ban hành văn bản về chuyển đổi số", "quán triệt, tuyên truyền và kế hoạch chuyển đổi số",
        "triển khai nghị quyết, kế hoạch chuyển đổi số",
    ),
    "Hạ tầng số, An toàn thông tin mạng": (
        "hạ tầng công nghệ thông tin và an toàn thông tin mạng", "rà soát máy tính, đường truyền, phòng, chống mã độc",
        "cáp quang, trang thiết bị và cấp độ an toàn hệ thống thông tin",
    ),
    "Nhân lực số, Hoạt động xã hội số": (
        "tập huấn và phổ cập kỹ năng số", "nhân lực chuyển đổi số và Tổ chuyển đổi số cộng đồng",
        "định danh điện tử, chữ ký số và kỹ năng số",
    ),
    "Hoạt động chính quyền số, Hoạt động kinh tế số, Mức độ hoàn thành Kế hoạch Chuyển đổi số của năm": (
        "chính quyền số và kinh tế số", "giải quyết hồ sơ trực tuyến, kinh phí và kinh tế số",
        "kết quả thực hiện kế hoạch chuyển đổi số của năm",
    ),
}  # fmt: skip
"""What papers are about, by the groups of the decision whose indicators they prove."""
PER_THEME = 12
"""How many different papers there are of each."""
KINDS = (("BC", "Báo cáo"), ("KH", "Kế hoạch"), ("TB", "Thông báo"), ("QĐ", "Quyết định"))

PAGE = """
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm))
#set text(lang: "vi", size: 13pt)
#grid(columns: (1fr, 1.3fr), align: center,
  [ỦY BAN NHÂN DÂN \\ *ĐƠN VỊ MẪU*], [*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM* \\ *Độc lập - Tự do - Hạnh phúc*])
#v(6mm)
#grid(columns: (1fr, 1.3fr), align: center, [Số: {number}], [_Hà Nội, ngày {day} tháng {month} năm {year}_])
#v(8mm)
#align(center)[*{kind}* \\ *Về {subject}*]
#v(4mm)
#set par(justify: true, first-line-indent: 1.27cm)
Đây là tài liệu trình diễn; số liệu do máy sinh, không phải của cơ quan nào.

*I. Kết quả.* Đến hết kỳ báo cáo, đơn vị đã hoàn thành {done} trên {planned} nhiệm vụ được giao, đạt {share}%.

#table(columns: (1fr, auto, auto), [Nội dung], [Kế hoạch], [Thực hiện], {rows})

*II. Tồn tại và kiến nghị.* Còn {left} nhiệm vụ chuyển sang năm sau; đề nghị tiếp tục bố trí kinh phí.
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """One file with what stands in its head."""

    number: str
    issued_on: date
    subject: str
    file_name: str
    content: bytes


def shelf(topic: str, year: int) -> tuple[Paper, ...]:
    """Return the papers of a year that prove indicators of a group."""
    return _shelf(next(place for place, groups in enumerate(THEMES) if topic in groups), year)


@cache
def _shelf(place: int, year: int) -> tuple[Paper, ...]:
    subjects = list(THEMES.values())[place]
    seeds = range(place * PER_THEME, (place + 1) * PER_THEME)
    return tuple(paper(seed, year, subjects[seed % len(subjects)]) for seed in seeds)


def paper(seed: int, year: int, about: str = "kết quả đánh giá chuyển đổi số") -> Paper:
    """Return one paper; the same seed, year and subject give the same bytes."""
    random = Random(f"{seed}/{year}")  # noqa: S311  (papers, not secrets)
    code, kind = KINDS[seed % len(KINDS)]
    number, issued_on = f"{100 + seed * 7}/{code}-UBND", date(year, random.randint(7, 10), random.randint(1, 28))
    planned = random.randint(12, 60)
    done = random.randint(planned * 2 // 3, planned)
    rows = ", ".join(f"[Nhóm việc {n}], [{(p := random.randint(10, 90))}], [{random.randint(p // 2, p)}]" for n in range(1, 6))
    text = PAGE
    values = {
        "number": number, "day": f"{issued_on:%d}", "month": f"{issued_on:%m}", "year": str(year), "kind": kind.upper(),
        "subject": about, "done": str(done), "planned": str(planned), "share": str(done * 100 // planned), "rows": rows,
        "left": str(planned - done),
    }  # fmt: skip
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    pdf = typst.compile(text.encode(), ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return Paper(number, issued_on, f"{kind} {about}", f"{number.replace('/', '-')}.pdf", pdf)
