"""Small real evidence files: readable PDFs set like official reports, each with its own number, subject and figures."""

from random import Random

import typst

SUBJECTS = (
    "kết quả thực hiện kế hoạch chuyển đổi số", "hạ tầng công nghệ thông tin và mạng cáp quang",
    "tập huấn kỹ năng số cho cán bộ, công chức",
    "bảo đảm an toàn thông tin mạng", "tiếp nhận và giải quyết hồ sơ trực tuyến", "cập nhật cổng thông tin điện tử",
    "phổ cập danh tính số và định danh điện tử", "kinh tế số và thanh toán không dùng tiền mặt", "lập hồ sơ sức khỏe điện tử",
    "hoạt động của tổ chuyển đổi số cộng đồng", "kinh phí cho công nghệ thông tin và chuyển đổi số", "cấp và sử dụng chữ ký số chuyên dùng",
)  # fmt: skip
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


def paper(seed: int, year: int) -> tuple[str, str, str, bytes]:
    """Return number, subject, file name and PDF bytes of one paper; the same seed and year give the same bytes."""
    random = Random(f"{seed}/{year}")  # noqa: S311  (papers, not secrets)
    code, kind = KINDS[seed % len(KINDS)]
    subject, number = SUBJECTS[seed % len(SUBJECTS)], f"{100 + seed * 7}/{code}-UBND"
    planned = random.randint(12, 60)
    done = random.randint(planned * 2 // 3, planned)
    rows = ", ".join(f"[Nhóm việc {n}], [{(p := random.randint(10, 90))}], [{random.randint(p // 2, p)}]" for n in range(1, 6))
    text = PAGE
    values = {
        "number": number, "day": f"{random.randint(1, 28):02d}", "month": f"{random.randint(10, 12)}", "year": str(year),
        "kind": kind.upper(),
        "subject": subject, "done": str(done), "planned": str(planned), "share": str(done * 100 // planned), "rows": rows,
        "left": str(planned - done),
    }  # fmt: skip
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    pdf = typst.compile(text.encode(), ignore_system_fonts=True)
    assert isinstance(pdf, bytes)
    return number, f"{kind} {subject}", f"{number.replace('/', '-')}.pdf", pdf
