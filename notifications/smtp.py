"""The way to the mail server: its address from the settings, one connection for many mails, and what its refusals mean."""

import smtplib
import ssl
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from notifications.wording import SENDER
from settings import Settings
from workflow.clock import machine_now

PATIENCE = 30
"""Seconds for one answer of the server (security.md N9)."""
STEPS = 5
"""Answers waited for while a mail goes out over an open connection: sender, recipient, data, text, acceptance."""
REFUSED_FOR_GOOD = 500
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class LetterPolicy(EmailPolicy):
    """Writes long subjects so that no space is lost: the library folds between encoded words, where readers drop it (RFC 2047)."""

    def fold(self, name: str, value: str) -> str:
        """Return a header as its lines."""
        if name.lower() != "subject":
            return str(super().fold(name, value))
        written = Header(str(value), "us-ascii" if str(value).isascii() else "utf-8", header_name=name)
        return f"{name}: {written.encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return the same as bytes."""
        return self.fold(name, value).encode("ascii", "surrogateescape")


POLICY = LetterPolicy(linesep="\r\n")


class PostError(Exception):
    """A mail did not go out; says what the server said."""


class NotNowError(PostError):
    """The server is away or asks for patience: try again later."""


class NeverError(PostError):
    """The server will not take this mail: somebody has to look."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in, and in whose name."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str
    own_name: str
    """The host name of our own address: in the greeting and in Message-IDs."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read it from the settings; the sender is `thamdinh@` our own host unless `?from=` says otherwise."""
        parts = urlsplit(settings.smtp_url)
        own_name = host_of(settings)
        sender = parse_qs(parts.query).get("from", [f"thamdinh@{own_name}"])[0]
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.scheme, parts.hostname or "127.0.0.1", parts.port or PORTS[parts.scheme], user, password, sender, own_name)


def host_of(settings: Settings) -> str:
    """Return the name of the host that people open; where it is a bare address, one that is fit for a mail address."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    return "thamdinh.localhost" if host.replace(".", "").isdigit() or ":" in host else host


def letter(server: Server, to: str, message_id: str, subject: str, body: str) -> EmailMessage:
    """Return the message. Headers hold no text of users; an address that is none raises NeverError."""
    message = EmailMessage(policy=POLICY)
    try:
        message["From"] = Address(SENDER, addr_spec=server.sender)
        message["To"] = Address(addr_spec=to)
    except (ValueError, IndexError) as wrong:
        raise NeverError("địa chỉ thư không hợp lệ") from wrong
    message["Subject"] = subject
    message["Message-ID"] = message_id
    message["Date"] = format_datetime(machine_now())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="base64")
    return message


class Post:
    """One connection to the mail server, opened when first needed and kept for the mails of a job, as a context."""

    def __init__(self, server: Server) -> None:
        """Take the server; nothing is connected yet."""
        self.server = server
        self._line: smtplib.SMTP | None = None
        self._away = ""

    def __enter__(self) -> Self:
        """Nothing to do: `reach` connects."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Hang up."""
        self._hang_up()

    def reach(self) -> str:
        """Make sure the connection is open; return why it is not. A server that is away is asked once per job."""
        if self._away or (self._line is not None and self._alive(self._line)):
            return self._away
        try:
            self._line = self._call()
        except (OSError, smtplib.SMTPException) as away:
            self._away = said_by(away)
        return self._away

    def send(self, message: EmailMessage) -> None:
        """Hand one message in over the open connection. Raises NotNowError or NeverError."""
        assert self._line is not None
        try:
            self._line.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException):
                self._hang_up()
            raise (NeverError if is_final(error) else NotNowError)(said_by(error)) from error

    def _call(self) -> smtplib.SMTP:
        server, tls = self.server, ssl.create_default_context()
        if server.scheme == "smtps":
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, server.own_name, timeout=PATIENCE, context=tls)
        else:
            line = smtplib.SMTP(server.host, server.port, server.own_name, timeout=PATIENCE)
        if server.scheme == "smtp+starttls":
            line.starttls(context=tls)
        if server.user:
            line.login(server.user, server.password)
        line.ehlo_or_helo_if_needed()
        return line

    def _alive(self, line: smtplib.SMTP) -> bool:
        try:
            return line.noop()[0] < REFUSED_FOR_GOOD
        except (OSError, smtplib.SMTPException):
            self._hang_up()
            return False

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def is_final(error: Exception) -> bool:
    """Return whether the server said 5xx to sender, recipient or text; whatever else goes wrong may pass."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= REFUSED_FOR_GOOD for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return True
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= REFUSED_FOR_GOOD


def said_by(error: Exception) -> str:
    """Return what the server said, short and in one line; never what we told it."""
    code: int
    text: str | bytes
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    else:
        return f"{type(error).__name__}: {error}"[:300]
    return " ".join(f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}".split())[:300]
