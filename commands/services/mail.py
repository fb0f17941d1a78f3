"""A mail server that delivers nothing: it keeps every message as a file, to be looked at by people and by tests."""

import socket
import time
from asyncio import AbstractServer
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

_serial = count()


class _Keeper:
    """Writes each message to the folder under a name that sorts by arrival."""

    def __init__(self, folder: Path, told: Callable[[Path], object]) -> None:
        self.folder = folder
        self.told = told

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        """Keep the message whole or not at all, then accept it."""
        content = envelope.original_content or b""
        name = f"{time.time_ns()}-{next(_serial):06}"
        recipients = "".join(f"X-Envelope-To: {address}\r\n" for address in envelope.rcpt_tos)
        draft = self.folder / f".{name}"
        draft.write_bytes(recipients.encode() + content)
        self.told(draft.rename(self.folder / f"{name}.eml"))
        return "250 OK"


class _Server(Controller):
    """aiosmtpd's server in a thread, on a socket already bound: a free port can be asked for, and a taken one is told at once."""

    def __init__(self, keeper: _Keeper, bound: socket.socket) -> None:
        super().__init__(keeper, *bound.getsockname(), decode_data=False, enable_SMTPUTF8=True)
        self.bound = bound

    def _create_server(self) -> Awaitable[AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self.bound)


@contextmanager
def mail_catcher(folder: Path, port: int = 0, told: Callable[[Path], object] = lambda _: None) -> Iterator[str]:
    """Catch mail into `folder` and yield the address to send to; port 0 takes a free one. `told` hears of every file kept."""
    folder.mkdir(parents=True, exist_ok=True)
    bound = socket.create_server(("127.0.0.1", port))
    server = _Server(_Keeper(folder, told), bound)
    server.start()
    try:
        yield f"smtp://127.0.0.1:{server.port}"
    finally:
        server.stop()


def caught(folder: Path) -> list[EmailMessage]:
    """The messages caught in `folder`, the oldest first."""
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(folder.glob("*.eml"))]
