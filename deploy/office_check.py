"""Open the programme's workbooks in LibreOffice and compare every cell with the file itself.

    python deploy/office_check.py http://127.0.0.1:8000 [QUARTER] [YEAR]

Needs a running demo and `soffice` (apt-get install libreoffice-calc). Each workbook is fetched as
the specialist, loaded and saved by LibreOffice as OpenDocument, and read back. That the files say
what the database says is held by tests/programs/results/test_ministry.py.
"""

from __future__ import annotations

import datetime
import http.cookiejar
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

USER, PASSWORD = "chuyenvien", "minh-hoa-2023"
SIGN_IN = "/tai-khoan/dang-nhap"
FILES = re.compile(r'href="(/chuong-trinh/bao-cao-bo/nam-nhom/\d+/tep)"')
WAIT_SECONDS = 120


def signed_in(base: str) -> urllib.request.OpenerDirector:
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(jar)
    page = opener.open(base + SIGN_IN).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if token is None:
        sys.exit("No sign-in form at this address.")
    told = {"username": USER, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    body = urllib.parse.urlencode(told).encode()
    opener.open(urllib.request.Request(base + SIGN_IN, body, {"Referer": base + SIGN_IN}))  # noqa: S310
    return opener


def groups_of(opener: urllib.request.OpenerDirector, base: str) -> str:
    """Ask for the export in five groups, and wait for the address of its file."""
    home = f"{base}/chuong-trinh/bao-cao-bo?chuong-trinh=1719"
    page = opener.open(home).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    body = urllib.parse.urlencode({"csrfmiddlewaretoken": token[1] if token else ""}).encode()
    url = f"{base}/chuong-trinh/bao-cao-bo/1719/nam-nhom-du-lieu"
    before = set(FILES.findall(page))
    opener.open(urllib.request.Request(url, body, {"Referer": home}))  # noqa: S310
    for _ in range(WAIT_SECONDS):
        if new := set(FILES.findall(opener.open(home).read().decode())) - before:
            return str(new.pop())
        time.sleep(1)
    sys.exit("The export was not made: is a worker running?")


def through_office(content: bytes, name: str) -> CalamineWorkbook:
    """The workbook as LibreOffice loads and saves it."""
    office = shutil.which("soffice") or sys.exit(
        "LibreOffice is not here: install libreoffice-calc."
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{name}.xlsx").write_bytes(content)
        home = f"-env:UserInstallation=file://{folder}/home"
        command = [office, home, "--headless", "--convert-to", "ods", "--outdir", folder,
                   f"{folder}/{name}.xlsx"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=300)  # noqa: S603
        return CalamineWorkbook.from_filelike(BytesIO((Path(folder) / f"{name}.ods").read_bytes()))


def plain(value: object) -> object:
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(float(value), 6)
    return "" if value is None else str(value)


def compare(content: bytes, name: str) -> tuple[int, int, list[str]]:
    """How many cells and numbers were compared, and where LibreOffice says otherwise."""
    book, office = load_workbook(BytesIO(content)), through_office(content, name)
    cells, numbers, wrong = 0, 0, []
    if book.sheetnames != office.sheet_names:
        wrong.append(f"sheets {office.sheet_names}")
    for sheet in book.worksheets:
        seen = office.get_sheet_by_name(sheet.title)
        rows = seen.to_python(skip_empty_area=False)
        for line in sheet.iter_rows():
            for cell in line:
                if cell.value is None:
                    continue
                row, column = cell.row - 1, cell.column - 1
                there = rows[row][column] if row < len(rows) and column < len(rows[row]) else None
                cells += 1
                numbers += isinstance(cell.value, int | float)
                if plain(cell.value) != plain(there):
                    wrong.append(f"{sheet.title}!{cell.coordinate}: {cell.value!r} → {there!r}")
    return cells, numbers, wrong


def main() -> None:
    base, quarter, year = [*sys.argv[1:], *("2024-Q2", "2024")[len(sys.argv) - 2 :]]
    opener = signed_in(base)
    failed = False
    for name, path in (
        ("quarter", f"/chuong-trinh/bao-cao-bo/1719/quy/{quarter}/tep"),
        ("year", f"/chuong-trinh/bao-cao-bo/1719/nam/{year}/tep"),
        ("groups", groups_of(opener, base)),
    ):
        content = opener.open(base + path).read()
        cells, numbers, wrong = compare(content, name)
        print(f"{name}: {len(content):,} bytes, {cells:,} cells, {numbers:,} numbers, "
              f"{len(wrong)} different")  # fmt: skip
        print(*wrong[:10], sep="\n")
        failed = failed or bool(wrong)
    sys.exit(failed)


if __name__ == "__main__":
    main()
