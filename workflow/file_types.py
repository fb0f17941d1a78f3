"""Which files are taken as evidence: extension and content must agree; nothing is believed from its name alone (security.md 3.4)."""

import io
import unicodedata
import zipfile

import puremagic

from states.refusal import Problem, Refused
from states.words import N_

OFFICE = "application/vnd.openxmlformats-officedocument."
TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "docx": (OFFICE + "wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": (OFFICE + "spreadsheetml.sheet", (b"PK\x03\x04",)),
    "doc": ("application/msword", (b"\xd0\xcf\x11\xe0",)),
    "xls": ("application/vnd.ms-excel", (b"\xd0\xcf\x11\xe0",)),
}
"""Extension → media type and how such a file begins."""

ENDS = {"pdf": b"%%EOF", "png": b"IEND", "jpg": b"\xff\xd9", "jpeg": b"\xff\xd9"}
"""What stands near the end of a whole file: one whose sending was cut short has it not. Some programs write a little after it."""
NEAR = 4_096
BEFORE = 1_024
"""So many bytes some scanners write before the header of a PDF; ISO 32000 readers look as far."""
PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MACROS = ("vbaProject.bin", "vbaData.xml")
MOST_MEMBERS, MOST_UNPACKED = 2_000, 500 * 1024 * 1024


def media_type_of(name: str, content: bytes, largest: int) -> str:
    """Return the media type of an acceptable file; refused with a sentence about this file otherwise."""
    shown = unicodedata.normalize("NFC", name)[-120:]
    extension = shown.rpartition(".")[2].lower() if "." in shown else ""
    if not content:
        _refuse(shown, N_("Tệp “%(name)s” rỗng."))
    if len(content) > largest:
        _refuse(shown, N_("Tệp “%(name)s” lớn quá 50 MB."))
    if extension not in TYPES or any(unicodedata.category(sign) in {"Cc", "Cf"} for sign in shown):
        _refuse(shown, N_("Không nhận loại tệp của “%(name)s”; chỉ nhận PDF, ảnh, Word, Excel."))
    media_type, starts = TYPES[extension]
    if not _begins(extension, content, starts) or not _agrees(extension, content):
        _refuse(shown, N_("Nội dung tệp “%(name)s” không đúng với phần mở rộng."))
    if ENDS.get(extension, b"") not in content[-NEAR:]:
        _refuse(shown, N_("Tệp “%(name)s” bị thiếu phần cuối; hãy mở thử, lưu lại rồi gửi lại."))
    return media_type


def _refuse(name: str, text: str) -> None:
    raise Refused(Problem(text, "files", {"name": name}))


def _begins(extension: str, content: bytes, starts: tuple[bytes, ...]) -> bool:
    """Return whether the content begins as its kind does; a PDF holds at least one object too."""
    if extension == "pdf":
        return starts[0] in content[:BEFORE] and b" obj" in content
    return content.startswith(starts)


def _agrees(extension: str, content: bytes) -> bool:
    if extension in PARTS:
        return _office(extension, content)
    try:
        found = {match.mime_type for match in puremagic.magic_string(content[:65_536])}
    except (puremagic.PureError, ValueError):
        found = set()
    return not any(mime in {"text/html", "image/svg+xml"} for mime in found)


def _office(extension: str, content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False
    names = {member.filename for member in members}
    small = len(members) <= MOST_MEMBERS and sum(member.file_size for member in members) <= MOST_UNPACKED
    return small and PARTS[extension] in names and not any(name.endswith(MACROS) for name in names)


def base_name(name: str) -> str:
    """Return the name of a file without where it lay, which some browsers send along; its last 200 characters."""
    return name.replace("\\", "/").rsplit("/", 1)[-1][-200:]
