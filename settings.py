"""What the installation is told by its environment: read once, checked once, never changed.

Every name stands in one place, the fields of `Settings`; `docs/settings.md` is generated from them.
"""

# ruff: noqa: RUF009  (a row of the table is a dataclass field with its metadata)

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

PREFIX = "THAMDINH_"
ROOT = Path(__file__).resolve().parent


class SettingsError(Exception):
    """The environment says something that cannot be meant; one line per problem, without values of secrets."""


def _text(value: str) -> str:
    return value


def _path(value: str) -> Path:
    return Path(value).expanduser().resolve()


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _yes(value: str) -> bool:
    answers = {"1": True, "true": True, "yes": True, "": False, "0": False, "false": False, "no": False}
    if value.lower() not in answers:
        msg = "chỉ nhận 1 hoặc 0"
        raise ValueError(msg)
    return answers[value.lower()]


def _address(*schemes: str) -> Any:  # noqa: ANN401  (a function, kept in metadata)
    def read(value: str) -> str:
        if value and urlsplit(value).scheme not in schemes:
            raise ValueError("phải bắt đầu bằng " + ", ".join(f"{scheme}://" for scheme in schemes))
        return value

    return read


_database = _address("sqlite", "postgresql")


def _setting(default: str, says: str, *, read: Any = _text, secret: bool = False) -> Any:  # noqa: ANN401  (stands for any field)
    """One row of the table: the default (may name earlier fields in braces), what it says, how it is read."""
    return field(repr=not secret, metadata={"default": default, "says": says, "read": read, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """All that the environment decides. Secrets are left out of `repr`."""

    data_dir: Path = _setting(
        "var",
        "Thư mục dữ liệu: tệp SQLite, tài liệu kiểm chứng, khóa bí mật khi không đặt riêng.",
        read=_path,
    )
    database_url: str = _setting(
        "sqlite:///{data_dir}/thamdinh.sqlite",
        "Cơ sở dữ liệu: `sqlite:///tệp` hoặc `postgresql://người:mật-khẩu@máy/tên`. Vận hành thật: PostgreSQL.",
        read=_database,
        secret=True,
    )
    migration_database_url: str = _setting(
        "{database_url}",
        "Địa chỉ dùng riêng cho `thamdinh db upgrade`; nhờ đó vai trò của ứng dụng không có quyền sửa hay xóa bản ghi đã ghi.",
        read=_database,
        secret=True,
    )
    redis_url: str = _setting(
        "redis://127.0.0.1:6379/0",
        "Redis cho hàng đợi thư và giới hạn tần suất; có thể trống hoặc dừng mà không mất gì.",
        read=_address("redis", "rediss", "unix"),
        secret=True,
    )
    smtp_url: str = _setting(
        "smtp://127.0.0.1:25",
        "Máy chủ thư: `smtp://máy:cổng`, `smtp+starttls://người:mật-khẩu@máy:587` hoặc `smtps://…:465`; "
        "thêm `?from=địa-chỉ` để đặt địa chỉ người gửi (mặc định `thamdinh@` và tên máy của `THAMDINH_BASE_URL`).",
        read=_address("smtp", "smtps", "smtp+starttls"),
        secret=True,
    )
    evidence_url: str = _setting(
        "file://{data_dir}/evidence",
        "Nơi giữ tài liệu kiểm chứng.",
        read=_address("file"),
    )
    secret_key: str = _setting(
        "",
        "Khóa ký phiên và biểu mẫu, ít nhất 32 ký tự ngẫu nhiên. "
        "Để trống: tự sinh một lần, giữ trong tệp `secret-key` của thư mục dữ liệu.",
        secret=True,
    )
    base_url: str = _setting(
        "http://127.0.0.1:8000",
        "Địa chỉ mà người dùng mở; mọi liên kết trong thư dựng từ đây.",
        read=_address("http", "https"),
    )
    trusted_hosts: tuple[str, ...] = _setting(
        "",
        "Các tên máy được nhận trong yêu cầu, cách nhau bằng dấu phẩy. Để trống: tên máy của `THAMDINH_BASE_URL`.",
        read=_names,
    )
    trusted_proxies: tuple[str, ...] = _setting(
        "",
        "Địa chỉ IP của các máy chủ trung gian được tin khi báo địa chỉ người dùng (`X-Forwarded-*`), cách nhau bằng dấu phẩy.",
        read=_names,
    )
    demo: bool = _setting(
        "0",
        "`1`: bản trình diễn — đăng nhập một chạm, đồng hồ chỉnh được, hộp thư. Không bao giờ đặt khi vận hành thật.",
        read=_yes,
    )
    test_postgres_url: str = _setting(
        "", "Chỉ cho kiểm thử: máy chủ PostgreSQL với quyền quản trị cao nhất (superuser).", read=_database, secret=True
    )
    test_redis_url: str = _setting("", "Chỉ cho kiểm thử: máy chủ Redis được phép xóa sạch.", read=_address("redis", "unix"), secret=True)

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read and check the whole environment. Raises SettingsError with every problem at once."""
        problems = _unknown(environment)
        values: dict[str, Any] = {}
        for row in fields(cls):
            text = environment.get(name_of(row.name)) or row.metadata["default"].format(**values)
            try:
                values[row.name] = row.metadata["read"](text)
            except ValueError as wrong:
                problems.append(f"{name_of(row.name)}: {wrong}")
                values[row.name] = ""
        if problems:
            raise SettingsError("\n".join(problems))
        return cls(**values)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names that a request may carry."""
        return self.trusted_hosts or (urlsplit(self.base_url).hostname or "127.0.0.1",)

    @property
    def evidence_dir(self) -> Path:
        """The folder behind the evidence address."""
        return Path(unquote(urlsplit(self.evidence_url).path))

    def signing_key(self) -> str:
        """The secret key; where none is set, the one kept in the data folder, made on first use."""
        if self.secret_key:
            return self.secret_key
        kept = self.data_dir / "secret-key"
        if not kept.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            _write_once(kept, secrets.token_urlsafe(48))
        return kept.read_text(encoding="ascii")


def name_of(field_name: str) -> str:
    """The name in the environment of a field of `Settings`."""
    return PREFIX + field_name.upper()


def _unknown(environment: Mapping[str, str]) -> list[str]:
    known = [name_of(row.name) for row in fields(Settings)]
    problems = []
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0)
            problems.append(f"{name}: không có cài đặt này; tên gần nhất là {near[0]}")
    return problems


def _write_once(path: Path, text: str) -> None:
    """Write a private file whole or not at all; of several processes the first one wins."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="ascii")
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
