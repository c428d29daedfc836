"""In which languages the browser is driven: short tests in both, long ones in one (in both with LONG=1, and for pictures)."""

import os

import pytest

from tests import LONG

BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def mainly(language: str) -> pytest.MarkDecorator:
    """This one in the run of every change, so chosen that half of the long tests speak Chinese and half English."""
    return BOTH if LONG or "SHOTS" in os.environ else pytest.mark.parametrize("language", [language])
