"""The options, the marker and the fixture of pytest-cov without any effect."""

import pytest


def pytest_addoption(parser):
    group = parser.getgroup("cov")
    for flag in ("--cov-reset", "--no-cov", "--no-cov-on-fail", "--cov-append", "--cov-branch"):
        group.addoption(flag, action="store_true")
    for option in ("--cov-report", "--cov-config", "--cov-fail-under", "--cov-precision", "--cov-context"):
        group.addoption(option, action="append")
    group.addoption("--cov", action="append", nargs="?", const=True)


def pytest_configure(config):
    config.addinivalue_line("markers", "no_cover: has no effect without pytest-cov")


@pytest.fixture
def no_cover():
    pass


@pytest.fixture
def cov():
    return None
