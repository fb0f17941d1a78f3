"""Makes what is not kept in the repository: the web font, the fonts for PDF, the compiled translations.

`make install` calls it; it does only what is missing or older than its source.
"""

import subprocess
import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from settings import ROOT

LOCK = ROOT / "assets.lock"
WEB_FONTS = ROOT / "web" / "static" / "vendor"
PDF_FONTS = ROOT / "build" / "fonts"
TRANSLATIONS = ROOT / "web" / "translations"

FACES = {400: "Regular", 600: "Semibold", 700: "Bold"}
LETTERS = (
    (0x0020, 0x007E),  # Latin
    (0x00A0, 0x017F),  # Latin with marks, Đ and Ă among them
    (0x01A0, 0x01B0),  # Ơ and Ư
    (0x0300, 0x0323),  # marks that combine
    (0x1EA0, 0x1EF9),  # Vietnamese
    (0x2010, 0x203A),  # dashes, quotes, …, ‰
    (0x20AB, 0x20AB),  # ₫
    (0x2190, 0x2193),  # arrows
    (0x2200, 0x22FF),  # − ≤ ≥ ≠ ×
    (0x2460, 0x2473),  # ① ②, where the font has them
    (0x25A0, 0x25FF),  # ▲ ▼ ◌
    (0x2713, 0x2717),  # ✓ ✗
)
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "case", "sups", "subs"]


def main() -> None:
    """Bring every asset up to date and say what was made."""
    made = [*_fonts(), *_translations()]
    for path in made:
        print(path.relative_to(ROOT))


def missing() -> list[str]:
    """The names of assets that were never made."""
    wanted = [*_font_files(), *(source.with_suffix(".mo") for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))]
    return [str(path.relative_to(ROOT)) for path in wanted if not path.exists()]


def _font_files() -> list[Path]:
    return [*(_web_font(weight) for weight in FACES), *(_pdf_font(face) for face in FACES.values())]


def _fonts() -> list[Path]:
    targets = _font_files()
    if all(_fresh(target, LOCK) for target in targets):
        return []
    with TemporaryDirectory() as folder, ZipFile(_wheel(Path(folder))) as wheel:
        files = {name.rpartition("/")[2]: name for name in wheel.namelist()}
        _write(WEB_FONTS / "source-sans-LICENSE.txt", wheel.read(files["LICENSE.txt"]))
        for weight, face in FACES.items():
            whole = wheel.read(files[f"SourceSansPro-{face}.ttf"])
            _write(_pdf_font(face), whole)
            _write(_web_font(weight), _for_the_web(whole))
    return targets


def _web_font(weight: int) -> Path:
    return WEB_FONTS / f"source-sans-{weight}.woff2"


def _pdf_font(face: str) -> Path:
    return PDF_FONTS / f"SourceSansPro-{face}.ttf"


def _wheel(folder: Path) -> Path:
    """Fetch the wheel that the lock names; pip refuses one with another hash."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", LOCK, "-d", folder], check=True)
    return next(folder.glob("*.whl"))


def _for_the_web(whole: bytes) -> bytes:
    """The same font with the letters we write, compressed as WOFF2."""
    from fontTools.subset import Options, Subsetter  # a tool of the build, absent in production
    from fontTools.ttLib import TTFont

    options = Options(flavor="woff2", layout_features=FEATURES, notdef_outline=True)
    font = TTFont(BytesIO(whole), recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in LETTERS for code in range(first, last + 1)])
    subsetter.subset(font)
    font.flavor = "woff2"
    packed = BytesIO()
    font.save(packed)
    return packed.getvalue()


def _translations() -> Iterable[Path]:
    for source in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not _fresh(target, source):
            compiled = BytesIO()
            with source.open("rb") as po:
                write_mo(compiled, read_po(po))
            _write(target, compiled.getvalue())
            yield target


def _write(target: Path, content: bytes) -> None:
    """Write a file whole or not at all: a half one would look fresh for ever."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}")
    draft.write_bytes(content)
    draft.replace(target)


def _fresh(target: Path, source: Path) -> bool:
    return target.exists() and target.stat().st_mtime >= source.stat().st_mtime


if __name__ == "__main__":
    main()
