import smtplib
import socket
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from commands.services.mail import caught, mail_catcher


def send(url, subject, body):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@demo.example", "b@demo.example", subject
    message["Message-ID"] = "<1@demo.example>"
    message.set_content(body)
    address = urlsplit(url)
    with smtplib.SMTP(address.hostname, address.port) as client:
        client.send_message(message)


def test_every_message_is_kept_as_it_came_in_the_order_it_came(tmp_path):
    with mail_catcher(tmp_path / "mail") as url:
        send(url, "Nhắc hạn nộp", "Còn ba ngày.\n.\nHết.")
        send(url, "Đã nhận", "Biên nhận")
    first, second = caught(tmp_path / "mail")
    assert (first["Subject"], second["Subject"]) == ("Nhắc hạn nộp", "Đã nhận")
    assert first.get_content().splitlines() == ["Còn ba ngày.", ".", "Hết."]
    assert first["X-Envelope-To"] == "b@demo.example"
    assert first["Message-ID"] == "<1@demo.example>"


def test_two_catchers_take_two_ports_and_a_taken_port_is_told_at_once(tmp_path):
    with mail_catcher(tmp_path / "a") as one, mail_catcher(tmp_path / "b") as two:
        assert one != two
        with pytest.raises(OSError, match="in use"), mail_catcher(tmp_path / "c", urlsplit(one).port):
            pass
    with socket.create_server(("127.0.0.1", urlsplit(one).port)):
        """The port is free again."""
