import pytest

from reports import tasks  # noqa: F401 - declares the jobs


@pytest.fixture(autouse=True)
def keys_in_a_folder_of_their_own(settings, tmp_path):
    settings.SIGNING_DIR = tmp_path / "signing"
