"""Where an embedded pair of servers keeps its data and its sockets."""

import hashlib
import os
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

# Socket paths over 107 bytes fail, and a clone may lie deep: sockets live in a short private
# folder. It is not taken from the environment, so that every process finds the same one.
SHORT_ROOT = Path("/tmp")  # noqa: S108


@dataclass(frozen=True)
class Place:
    """One pair of servers: data under `root`, sockets in a short folder only the owner enters."""

    root: Path

    @cached_property
    def runtime(self) -> Path:
        digest = hashlib.sha256(str(self.root.resolve()).encode()).hexdigest()[:10]
        return SHORT_ROOT / f"portal-{os.getuid()}-{digest}"

    @property
    def database_url(self) -> str:
        return f"postgresql://portal@{quote(str(self.runtime), safe='')}/portal"

    @property
    def redis_socket(self) -> Path:
        return self.runtime / "redis.sock"

    @property
    def redis_url(self) -> str:
        return f"redis+socket://{self.redis_socket}"

    def prepare(self) -> None:
        """Make both folders; refuse a runtime folder that somebody else made first.

        Raises:
            PermissionError: the folder exists and is not a private folder of this user.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        self.runtime.mkdir(mode=0o700, exist_ok=True)
        found = self.runtime.lstat()
        private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
        if not private or found.st_uid != os.getuid():
            raise PermissionError(
                f"Thư mục {self.runtime} không phải của riêng tài khoản này."
                " Hãy xoá nó rồi chạy lại."
            )
