"""`thamdinh db`: migrations, and whether models and database agree."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.database import answering, migrated
from settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import URL

NAME = "db"
HELP = "nâng cấp và kiểm tra cơ sở dữ liệu"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`upgrade` or `check`."""
    acts = parser.add_subparsers(metavar="VIỆC", required=True)
    acts.add_parser("upgrade", help="đưa lên phiên bản mới nhất; dữ liệu giữ nguyên").set_defaults(act=upgrade)
    acts.add_parser("check", help="so bảng thật với mã nguồn; khác nhau thì mã thoát 1").set_defaults(act=check)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Do the chosen act."""
    return int(args.act(settings))


def upgrade(settings: Settings) -> int:
    """Bring the database to the newest migration under the address meant for that, and give the application's own role its rights."""
    from sqlalchemy import make_url

    from models import migrations

    url = make_url(settings.migration_database_url)
    if url.drivername == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    with answering():
        migrations.upgrade(settings.migration_database_url)
        _grant(url, settings.database_url)
    print(f"cơ sở dữ liệu ở phiên bản {migrations.newest()}")
    return 0


def _grant(owner: "URL", application: str) -> None:
    from sqlalchemy import make_url

    from models.grants import grant
    from models.session import make_engine

    role = make_url(application).username
    if owner.drivername == "sqlite" or role is None or role == owner.username:
        return
    engine = make_engine(owner.render_as_string(hide_password=False))
    with engine.begin() as connection:
        grant(connection, role)
    engine.dispose()


def check(settings: Settings) -> int:
    """Print every difference between the models and the database."""
    from models import migrations

    with migrated(settings):
        found = migrations.differences(settings.database_url)
    for difference in found:
        print(difference)
    print("khác với mã nguồn" if found else f"khớp với mã nguồn, phiên bản {migrations.newest()}")
    return 1 if found else 0
