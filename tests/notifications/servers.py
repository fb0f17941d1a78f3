"""Mail servers that behave badly, as real ones do (security.md, T-SMTP)."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class Moody:
    """A server that answers as told and keeps what it accepted. `said` maps a step (mail, rcpt, data) to its answer."""

    def __init__(self, **said: str) -> None:
        self.said = said
        self.accepted = []
        self.at_data: Callable[[], None] = lambda: None

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802  (aiosmtpd's name)
        envelope.mail_from = address
        return self.said.get("mail", "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802  (aiosmtpd's name)
        if "rcpt" in self.said:
            return self.said["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  (aiosmtpd's name)
        if "data" in self.said:
            return self.said["data"]
        self.accepted.append(envelope.content)
        self.at_data()
        if "hang_up" in self.said:
            server.transport.abort()
        return "250 OK"


@contextmanager
def moody_server(moody: Moody) -> Iterator[str]:
    """Serve and yield the address."""
    controller = Controller(moody, "127.0.0.1", port=free_port())
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
