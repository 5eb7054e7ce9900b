"""Reports to be laid out: text with notes wherever they fall, text with tables, an annex."""

from __future__ import annotations

import random
from dataclasses import replace

from reports.rendering import (
    AgencyHeader,
    Annex,
    Cell,
    Heading,
    Note,
    NoteCall,
    Paragraph,
    PrintedReport,
    SignatureBlock,
    Table,
    Text,
)

SENTENCE = (
    "Ban Dân tộc phối hợp với các sở, ngành triển khai Kế hoạch số 124/KH-UBND ngày 05/7/2023 của "
    "UBND tỉnh giai đoạn 2021-2025 trên địa bàn vùng đồng bào dân tộc thiểu số và miền núi"
)
WORDS = SENTENCE.split()
AGENCY = AgencyHeader("UBND TỈNH BẮC GIANG", "BAN DÂN TỘC", "Bắc Giang", "BC-BDT")
SIGNATURE = SignatureBlock("PHÓ TRƯỞNG BAN", "Nguyễn Văn An", ("KT. TRƯỞNG BAN",))
RECIPIENTS = ("UBND tỉnh (báo cáo);", "Lãnh đạo Ban;", "Lưu: VT, HC-TH.")
MOST_NOTES = 12


def text(seed: int, *, paragraphs: int = 18, tables: int = 0) -> PrintedReport:
    """Some pages of text with up to twelve notes; `tables` of ten rows between the paragraphs."""
    chance = random.Random(seed)  # noqa: S311 - the same texts every time
    notes = chance.randint(0, MOST_NOTES)
    places = sorted(chance.randrange(paragraphs) for _ in range(notes))
    blocks, number = [], 0
    for place in range(paragraphs):
        if place % 4 == 0:
            blocks.append(Heading(f"{place // 4 + 1}.", _some(chance, 6), 2))
        content = [Text(_some(chance, chance.randint(20, 110)))]
        for _ in range(places.count(place)):
            number += 1
            content += [NoteCall(number), Text(f" {_some(chance, chance.randint(1, 40))}")]
        blocks.append(Paragraph(tuple(content)))
        if place < tables:
            blocks.append(table(10, 6))
    said = tuple(Note(n + 1, (Text(_some(chance, 12)),)) for n in range(number))
    return _report(tuple(blocks), said)


def annexed(rows: int, columns: int) -> PrintedReport:
    """A page of text with one annex across: so many communes by so many columns."""
    annex = Annex("Phụ lục", "Số liệu các xã", (table(rows, columns),), landscape=True)
    return _report((Paragraph((Text("Chi tiết tại Phụ lục kèm theo."),)),), (), (annex,))


def sheet(seed: int) -> PrintedReport:
    """The sheet of one commune: two tables on a page, no number and no signature."""
    blocks = (
        Heading("I.", f"Xã thứ {seed}", 1),
        table(10, 3),
        Heading("II.", "Công trình", 1),
        table(8, 4),
        Paragraph((Text(SENTENCE),)),
    )
    return replace(_report(blocks, ()), is_sheet=True, recipients=())


def table(rows: int, columns: int) -> Table:
    head = tuple(Cell((Text(f"Cột {n}"),), heading=True) for n in range(columns))
    body = tuple(
        (
            Cell((Text(f"Xã thứ {row}"),)),
            *(Cell((Text(str(row * n * 37 % 1000)),), align="right") for n in range(1, columns)),
        )
        for row in range(rows)
    )
    return Table((head, *body), caption="Bảng. Hộ nghèo theo xã", unit="hộ", source="Biểu 05")


def _report(blocks: tuple, notes: tuple, annexes: tuple = ()) -> PrintedReport:
    return PrintedReport(
        agency=AGENCY,
        subject="Kết quả công tác dân tộc năm 2023",
        blocks=blocks,
        signature=SIGNATURE,
        notes=notes,
        recipients=RECIPIENTS,
        annexes=annexes,
    )


def _some(chance: random.Random, count: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(count))
