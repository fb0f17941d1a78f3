"""What `thamdinh doctor` looks at: one function per thing that can be wrong, each finding with its mend."""

import shutil
import smtplib
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from commands.database import exists
from settings import Settings

PLENTY = 2 * 1024**3
"""Bytes of disk below which evidence of a season may not fit."""
SHORTEST_KEY = 32


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, and where it is not well, how to mend it."""

    what: str
    mend: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.mend


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Settings that are harmless on one's own machine and unsafe where others can reach it."""
    if 0 < len(settings.secret_key) < SHORTEST_KEY:
        yield Finding("khóa bí mật quá ngắn", f"đặt THAMDINH_SECRET_KEY dài ít nhất {SHORTEST_KEY} ký tự ngẫu nhiên")
    address = urlsplit(settings.base_url)
    if _is_local(address.hostname):
        yield Finding(f"chỉ dùng trên máy này ({settings.base_url})")
        return
    wrong = (
        (address.scheme != "https", "đường truyền không mã hóa", "đặt THAMDINH_BASE_URL=https://… và để máy chủ trung gian giữ chứng thư"),
        (settings.demo, "đang ở chế độ trình diễn: ai cũng vào được", "bỏ THAMDINH_DEMO"),
        (
            not settings.trusted_proxies,
            "chưa tin máy chủ trung gian nào",
            "đặt THAMDINH_TRUSTED_PROXIES, nếu không mọi người mang chung một IP",
        ),
        (settings.database_url.startswith("sqlite:"), "SQLite không dành cho vận hành thật", "đặt THAMDINH_DATABASE_URL=postgresql://…"),
        (
            settings.database_url == settings.migration_database_url,
            "ứng dụng dùng chung vai trò với việc nâng cấp, nên sửa được bản ghi đã ghi",
            "đặt THAMDINH_MIGRATION_DATABASE_URL với một vai trò riêng (deploy/README.md)",
        ),
    )
    yield from (Finding(what, mend) for is_wrong, what, mend in wrong if is_wrong)


def check_data_dir(settings: Settings) -> Iterator[Finding]:
    """The data folder: there, ours alone, with room."""
    folder = settings.data_dir
    if not folder.is_dir():
        yield Finding(f"chưa có thư mục dữ liệu {folder}", "chạy `thamdinh db upgrade`, hoặc tạo thư mục ấy")
        return
    if folder.stat().st_mode & stat.S_IWOTH:
        yield Finding(f"ai cũng ghi được vào {folder}", f"chmod o-w {folder}")
    free = shutil.disk_usage(folder).free
    mend = "" if free >= PLENTY else "dọn đĩa hoặc chuyển THAMDINH_DATA_DIR sang đĩa lớn hơn"
    yield Finding(f"còn {free / 1024**3:.1f} GB cho dữ liệu ở {folder}", mend)


def check_database(settings: Settings) -> Iterator[Finding]:
    """The database: answers, migrated, and set so that a commit survives a crash."""
    from sqlalchemy.exc import OperationalError

    from models.migrations import newest, present
    from models.session import make_engine

    if not exists(settings.database_url):
        yield Finding("chưa có cơ sở dữ liệu", "chạy `thamdinh db upgrade`")
        return
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            stands = present(connection)
            yield Finding(f"cơ sở dữ liệu ở phiên bản {stands}", "" if stands == newest() else "chạy `thamdinh db upgrade`")
            if engine.dialect.name == "postgresql":
                for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
                    value = connection.exec_driver_sql(f"SHOW {name}").scalar_one()
                    yield Finding(f"PostgreSQL {name} = {value}", f"bật {name} trong PostgreSQL" if value == "off" else "")
    except OperationalError as broken:
        yield Finding(f"cơ sở dữ liệu không trả lời: {' '.join(str(broken.orig).split())}", "xem lại THAMDINH_DATABASE_URL và máy chủ")
    finally:
        engine.dispose()


def check_redis(settings: Settings) -> Iterator[Finding]:
    """Redis: away, pages still work and mail waits."""
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        with Redis.from_url(settings.redis_url, socket_connect_timeout=3) as client:
            client.ping()
    except RedisError:
        yield Finding("Redis không trả lời: trang vẫn chạy, thư chờ", "khởi động Redis, hoặc xem lại THAMDINH_REDIS_URL")
    else:
        yield Finding("Redis trả lời")


def check_mail(settings: Settings) -> Iterator[Finding]:
    """The mail server: answers, and is spoken to in secret unless it stands on this machine."""
    address = urlsplit(settings.smtp_url)
    kind = smtplib.SMTP_SSL if address.scheme == "smtps" else smtplib.SMTP
    try:
        with kind(address.hostname or "", address.port or 25, timeout=5) as client:
            client.noop()
    except OSError as broken:
        yield Finding(f"máy chủ thư không trả lời: {broken}", "xem lại THAMDINH_SMTP_URL; thư đang chờ không mất")
    else:
        yield Finding("máy chủ thư trả lời")
    if address.scheme == "smtp" and not _is_local(address.hostname):
        yield Finding("thư đi không mã hóa", "dùng smtp+starttls:// hoặc smtps:// trong THAMDINH_SMTP_URL")


def check_assets(_settings: Settings) -> Iterator[Finding]:
    """What `make install` makes: fonts and translations."""
    from commands.assets import missing

    absent = missing()
    yield Finding(f"thiếu {', '.join(absent)}" if absent else "phông chữ và bản dịch đủ", "chạy `make install`" if absent else "")


def _is_local(host: str | None) -> bool:
    if host in {None, "localhost"}:
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    check_settings,
    check_data_dir,
    check_database,
    check_redis,
    check_mail,
    check_assets,
)
