"""The portal seen through a browser."""

import pytest

pytest.register_assert_rewrite("tests.browser.collecting", "tests.browser.reporting")
