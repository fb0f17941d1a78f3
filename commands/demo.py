"""`thamdinh demo`: everything in one process tree, filled with a plausible city, nothing left behind."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TextIO

from commands.memory import collect_seldom
from settings import Settings
from states.case import CaseState
from states.refusal import Problem, Refused
from states.words import N_

NAME = "demo"
HELP = "bản trình diễn: đủ dịch vụ, 143 đơn vị, bảy bên chấm, mỗi vai một tài khoản"

STATES = (*(state.value for state in CaseState), "mixed")
DATABASE = "thamdinh.sqlite"
OTHER_STATE = N_("Thư mục %(folder)s đang giữ bản trình diễn ở “%(held)s”. Thêm --fresh để làm lại từ đầu.")
NOT_LOADED = N_("Chưa có bản trình diễn nào ở đây. Chạy make run trước.")
MAIL = "mail"
LOG = "dich-vu.log"
FAILED = '"what": "failed"'
"""How `web.log` marks what went wrong."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where, in which state, and what day it is."""
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000, help="cổng của trang web (mặc định: %(default)s)")
    parser.add_argument("--data", type=Path, default=None, metavar="THƯ_MỤC", help="nơi giữ dữ liệu (mặc định: var/demo)")
    parser.add_argument("--at", choices=STATES, default=None, help="trạng thái của kỳ 2026 (mặc định: mixed)")
    parser.add_argument("--fresh", action="store_true", help="bỏ dữ liệu cũ, nạp lại từ đầu")
    parser.add_argument("--today", type=date.fromisoformat, metavar="NGÀY", help="đặt đồng hồ làm việc vào ngày này")
    parser.add_argument("--log", action="store_true", help="in cả những dòng của từng dịch vụ")
    parser.add_argument(
        "--play-on", nargs="*", default=None, metavar="MÃ", help="cho mọi hồ sơ kỳ 2026 đi tiếp đến khi chốt, trừ các đơn vị này"
    )
    parser.add_argument("--load-only", action="store_true", help="chỉ nạp dữ liệu, không chạy dịch vụ")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Fill the folder where it is empty, then run all services until Ctrl-C."""
    from commands.serve import refuse_taken_port

    data = (args.data or settings.data_dir / "demo").resolve()
    if args.play_on is not None:
        return _play_on(data, args.play_on)
    if not args.load_only:
        refuse_taken_port("127.0.0.1", args.port)
    _fill(data, args.at, fresh=args.fresh)
    if args.today:
        _set_today(data, args.today)
    if args.load_only:
        return 0
    with (data / LOG).open("w", encoding="utf-8") as file:
        return _serve(data, args.port, _say if args.log else quietly(file, _say))


def _fill(data: Path, at: str | None, *, fresh: bool) -> None:
    """Load the demo beside its place and put it there whole, so that a cut leaves nothing half-loaded."""
    held, marker = data / DATABASE, data / "state"
    if held.exists() and not fresh:
        state = marker.read_text(encoding="utf-8").strip() if marker.exists() else "mixed"
        if at not in {None, state}:
            raise Refused(Problem(OTHER_STATE, params={"folder": data.name, "held": state}))
        _upgrade(held)
        return
    data.mkdir(parents=True, exist_ok=True)
    for old in (*data.glob(f"{DATABASE}*"), *data.glob(f"{MAIL}/*.eml"), *data.glob("loading.sqlite*")):
        old.unlink()
    started = time.monotonic()
    try:
        _load(data, data / "loading.sqlite", at or "mixed")
    except BaseException:
        for half in data.glob("loading.sqlite*"):
            half.unlink()
        raise
    marker.write_text(at or "mixed", encoding="utf-8")
    (data / "loading.sqlite").rename(held)
    _say(f"Đã nạp xong trong {time.monotonic() - started:.0f} giây.")


def _upgrade(path: Path) -> None:
    """Bring a demo kept from an earlier version to the newest migration."""
    from models.migrations import upgrade

    upgrade(f"sqlite:///{path}")


def _load(data: Path, path: Path, at: str) -> None:
    from commands.simulation.load import evidence_store, load_demo
    from models.session import make_engine

    _upgrade(path)
    collect_seldom()
    engine = make_engine(f"sqlite:///{path}")
    load_demo(engine, evidence_store(data), at, _say)
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()


def _set_today(data: Path, today: date) -> None:
    from models.session import make_engine, transaction
    from states.clocks import end_of_day
    from workflow.clock import set_working_clock

    morning: datetime = end_of_day(today - timedelta(days=1)) + timedelta(hours=8)
    engine = make_engine(f"sqlite:///{data / DATABASE}")
    with transaction(engine) as session:
        set_working_clock(session, morning)
    engine.dispose()


def _play_on(data: Path, kept: list[str]) -> int:
    """Let the others do their part of 2026, beside the running demo or while it is stopped."""
    from commands import simulate
    from commands.simulation.catching_up import keep_open, stage_of
    from commands.simulation.load import evidence_store
    from models.session import make_engine, reading
    from states.clocks import HANOI
    from workflow.clock import working_now

    if not (data / DATABASE).exists():
        raise Refused(Problem(NOT_LOADED))
    engine = make_engine(f"sqlite:///{data / DATABASE}")
    try:
        done = simulate.go_on(engine, evidence_store(data), "2026", kept, CaseState.ROUND2_FINAL, _say)
        left = stage_of(engine, evidence_store(data), "2026", kept, CaseState.ROUND2_FINAL)
        for unit in keep_open(left):
            _say(f"Hồ sơ {unit} để lại cho bạn đã hết hạn theo đồng hồ mới: Tổ thư ký gia hạn thêm 7 ngày.")
        with reading(engine) as session:
            now = working_now(session).astimezone(HANOI)
        _say(f"Đồng hồ của bản trình diễn nay là {now:%H:%M ngày %d/%m/%Y}; mọi thời hạn trên trang tính theo đó.")
        return done
    finally:
        engine.dispose()


def _serve(data: Path, port: int, log: Callable[[str], None]) -> int:
    from commands.services.mail import mail_catcher
    from commands.services.processes import Processes, Program, ProgramEndedError
    from commands.services.redis import start_redis

    try:
        with ExitStack() as stack:
            processes = stack.enter_context(Processes(log))
            redis = start_redis(processes)
            smtp = stack.enter_context(mail_catcher(data / MAIL))
            environment = _environment(data, port, redis, smtp)
            thamdinh = [sys.executable, "-m", "commands.main"]
            processes.start(Program("web", [*thamdinh, "serve", "--port", str(port)], ready="Listening at", environment=environment))
            for name in ("worker", "scheduler"):
                processes.start(Program(name, [*thamdinh, name], environment=environment))
            _greet(port)
            processes.wait()
    except ProgramEndedError as ended:
        raise Refused(str(ended)) from ended
    return 0


def _environment(data: Path, port: int, redis: str, smtp: str) -> dict[str, str]:
    address = f"http://127.0.0.1:{port}"
    return {
        "THAMDINH_DATA_DIR": str(data), "THAMDINH_DATABASE_URL": f"sqlite:///{data / DATABASE}", "THAMDINH_REDIS_URL": redis,
        "THAMDINH_SMTP_URL": smtp, "THAMDINH_BASE_URL": address, "THAMDINH_DEMO": "1",
        "THAMDINH_EVIDENCE_URL": f"file://{data / 'evidence'}",
        "THAMDINH_TRUSTED_HOSTS": "127.0.0.1,localhost", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


def _greet(port: int) -> None:
    from commands.simulation.people import email_of
    from workflow.passwords import DEMO_PASSWORD

    _say(f"\nThẩm định đang chạy: http://127.0.0.1:{port}\n\nTài khoản (mật khẩu chung: {DEMO_PASSWORD}):")
    shown = (
        ("cán bộ phường Ba Đình", "unit.00004"), ("lãnh đạo phường Ba Đình", "head.00004"), ("cán bộ chấm, Công an TP", "grader.catp"),
        ("phụ trách chấm, Công an TP", "lead.catp"), ("Tổ thư ký", "secretariat.skhcn"), ("ủy viên Hội đồng", "council.1"),
        ("ủy viên Hội đồng", "council.2"), ("Chủ tịch Hội đồng", "chair"), ("Phó Chủ tịch Hội đồng", "deputy"), ("giám sát", "auditor"),
        ("quản trị", "admin"),
    )  # fmt: skip
    for role, local in shown:
        _say(f"  {role:<28}{email_of(local)}")
    _say("\nĐơn vị khác: unit.<mã>@…, head.<mã>@…; bên chấm khác: grader.<mã>@…, lead.<mã>@…\nCtrl-C để dừng.")


def _say(line: str) -> None:
    print(line, flush=True)


def quietly(file: TextIO, say: Callable[[str], None]) -> Callable[[str], None]:
    """Return what keeps the services' lines in a file and says only that something failed, with its code, and where to read on."""

    def keep(line: str) -> None:
        file.write(line + "\n")
        file.flush()
        if FAILED in line:
            about = json.loads(line[line.index("{") :])
            say(f"Sự cố {about['request']} ở {about['path']}; chi tiết trong {file.name}")

    return keep
