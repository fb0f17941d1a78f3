import psycopg
import pytest

from commands.services.postgres import DEBIAN, LOCAL, answers, binaries, postgres_server, start_postgres, wheel_binaries
from commands.services.processes import Processes


def usable(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE mine")
        return connection.execute("SHOW server_encoding").fetchone() == ("UTF8",) and answers(url)


@pytest.mark.postgres
@pytest.mark.parametrize("programs", [binaries, wheel_binaries])
def test_a_server_of_our_own_starts_and_is_gone_afterwards(programs):
    with Processes(lambda _: None) as processes:
        url = start_postgres(processes, programs())
        assert usable(url)
    assert not answers(url)


@pytest.mark.postgres
def test_the_given_address_comes_first():
    with postgres_server("postgresql://somewhere/else") as url:
        assert url == "postgresql://somewhere/else"


@pytest.mark.postgres
def test_without_one_given_a_local_one_or_one_of_our_own_is_taken():
    with postgres_server() as url:
        assert answers(url)
        assert (url == LOCAL) == answers(LOCAL)


def test_debians_programs_come_before_the_wheels():
    assert binaries().is_relative_to(DEBIAN) == any(DEBIAN.glob("*/bin/initdb"))
