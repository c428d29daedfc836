"""In which languages the browser is driven: pages and editing in both, what draws something whole in one.

With LONG=1, and for pictures, all of them in both. That every text is there in both languages is shown without a browser
(`tests/test_messages.py`).
"""

import os

import pytest

from tests import LONG

BOTH = pytest.mark.parametrize("language", ["zh", "en"])


def mainly(language: str) -> pytest.MarkDecorator:
    """This one in the run of every change, so chosen that half of them speak Chinese and half English."""
    return BOTH if LONG or "SHOTS" in os.environ else pytest.mark.parametrize("language", [language])
