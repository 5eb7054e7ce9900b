"""An address said in words: for those who read a template, where there are no data to look at."""

from __future__ import annotations

from django.http import QueryDict

from ethnic_data.exploring.selection import AXES
from reports.models import Exhibit

from .moving import periods_in
from .programme import CUTS


def asked_words(source: str, query: str) -> str:
    """ "Chương trình 1719, theo dự án, kỳ {nam}", "Chỉ tiêu N03, địa bàn × kỳ báo cáo, kỳ 2023"."""
    told = QueryDict(query)
    if source == Exhibit.Source.PROGRAMME:
        cut = CUTS.get(told.get("bang", ""), CUTS["component"])
        words = [f"Chương trình {told.get('chuong-trinh', '')}", cut.lower()]
        periods = [told.get("nam", "")]
    else:
        axes = [
            AXES[axis].lower()
            for name in ("hang", "cot", "cot2")
            if (axis := told.get(name, "")) in AXES
        ]
        words = ["Chỉ tiêu " + ", ".join(told.getlist("ct")), " × ".join(axes)]
        periods = periods_in(query)
    if any(periods):
        words.append("kỳ " + ", ".join(periods))
    return ", ".join(filter(None, words))
