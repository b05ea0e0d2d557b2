"""Options of the whole suite."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="store what is generated now as the expected text; read the difference before committing it",
    )


def pytest_configure(config):
    if config.getoption("--update-golden") and os.environ.get("CI", "").lower() in ("1", "true"):
        raise pytest.UsageError("--update-golden is for a person who reads the difference, not for CI")


@pytest.fixture
def update_golden(request):
    """The stored texts are to be rewritten."""
    return request.config.getoption("--update-golden")
