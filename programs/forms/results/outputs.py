"""Outputs of one works in a year: planned and actual, kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from programs.models import Output, OutputKind

MOST = Decimal(10) ** 9


class OutputsForm(forms.Form):
    """Two fields a kind, `kh_CODE` and `th_CODE`; those from approved data are only shown."""

    def __init__(
        self, *args: Any, kinds: Sequence[OutputKind], kept: Sequence[Output], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = list(kinds)
        by_kind = {one.kind_id: one for one in kept}
        self.from_data = {pk: one for pk, one in by_kind.items() if one.submission_id}
        for kind in self.kinds:
            one = by_kind.get(kind.pk)
            for prefix, word, value in (
                ("kh", "kế hoạch", one.planned if one else None),
                ("th", "thực hiện", one.actual if one else None),
            ):
                self.fields[f"{prefix}_{kind.code}"] = forms.DecimalField(
                    label=f"{kind.name}, {word} ({kind.unit_of_measure})",
                    required=False,
                    min_value=0,
                    max_value=MOST,
                    max_digits=13,
                    decimal_places=kind.decimals,
                    localize=True,
                    initial=None if value is None else value.normalize(),
                    disabled=kind.pk in self.from_data,
                    error_messages=_words(kind),
                )

    def rows(self) -> list[dict[str, Any]]:
        """For the table: each kind with its two fields."""
        return [
            {
                "kind": kind,
                "planned": self[f"kh_{kind.code}"],
                "actual": self[f"th_{kind.code}"],
                "from_data": self.from_data.get(kind.pk),
            }
            for kind in self.kinds
        ]

    def told(self) -> dict[OutputKind, tuple[Decimal | None, Decimal | None]]:
        given = self.cleaned_data
        return {
            kind: (given[f"kh_{kind.code}"], given[f"th_{kind.code}"])
            for kind in self.kinds
            if kind.pk not in self.from_data
        }


def _words(kind: OutputKind) -> dict[str, str]:
    most = f"nhiều nhất {kind.decimals} chữ số lẻ" if kind.decimals else "số nguyên"
    return {
        "invalid": "Ghi bằng số, ví dụ 12 hoặc 2,5.",
        "min_value": "Kết quả phải từ 0 trở lên.",
        "max_value": "Số quá lớn. Hãy kiểm tra lại đơn vị tính.",
        "max_digits": "Số quá lớn. Hãy kiểm tra lại đơn vị tính.",
        "max_decimal_places": f"Ghi {most} ({kind.unit_of_measure}).",
        "max_whole_digits": "Số quá lớn. Hãy kiểm tra lại đơn vị tính.",
    }
