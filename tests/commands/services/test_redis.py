from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from commands.services.processes import Processes
from commands.services.redis import start_redis


def test_a_real_server_on_a_private_socket_that_leaves_nothing():
    said = []
    with Processes(said.append) as processes:
        url = start_redis(processes)
        with Redis.from_url(url) as client:
            assert client.ping()
            assert client.config_get("port")["port"] == "0"
        socket = Path(url.removeprefix("unix://"))
        assert socket.is_socket()
    assert not socket.parent.exists()
    assert not [line for line in said if "Error" in line]
    with Redis.from_url(url) as client, pytest.raises(RedisConnectionError):
        client.ping()
