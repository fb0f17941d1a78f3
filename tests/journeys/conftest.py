"""The demo as `make run` starts it, loaded once for all journeys of a worker."""

from pathlib import Path

import pytest

from commands.screenshots import running_demo, url_map
from models.session import make_engine


@pytest.fixture(scope="session")
def demo_data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo(demo_data):
    with running_demo(demo_data) as base:
        yield base


@pytest.fixture(scope="session")
def demo_urls(demo, demo_data):
    return url_map(demo, demo_data)


@pytest.fixture
def demo_rows(demo, demo_data):
    engine = make_engine(f"sqlite:///{demo_data / 'thamdinh.sqlite'}")
    yield engine
    engine.dispose()
