"""What a panel that is no selection of the explorer is made from."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from portal import formats

from .declared import Beside
from .filters import Filters
from .lookups import Lookups
from .shown import Shown, Value

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True)
class Desk:
    """What a maker needs: the panel, the page's filters, who asks and when."""

    panel: Beside
    filters: Filters
    lookups: Lookups
    user: User
    today: datetime.date
    path: str

    @property
    def year(self) -> int:
        return self.filters.period.end.year

    def shown(self, **more: object) -> Shown:
        about = f"{self.filters.scope.full_name} · {self.filters.period.label}"
        told = {"subtitle": about, "unapplied": self.unapplied("kv", "dt", "gt", "loai"), **more}
        return Shown(self.panel.key, self.panel.title, width=self.panel.width, **told)  # type: ignore[arg-type]

    def unapplied(self, *names: str) -> list[str]:
        words = {
            "ky": "kỳ",
            "dv": "địa bàn",
            "dg": "địa giới",
            "kv": "khu vực",
            "dt": "dân tộc",
            "gt": "giới tính",
            "loai": "loại số liệu",
        }
        named = [words[name] for name in names if self.filters.params.get(name)]
        found = [f"Không lọc theo {', '.join(named)} ở đây."] if named else []
        if self.filters.comparison is not None:
            found.append("Không đặt so sánh ở đây.")
        return found


def number(value: int | Decimal, url: str = "", decimals: int | None = 0) -> Value:
    return Value(formats.number(value, decimals), Decimal(value), decimals, url)
