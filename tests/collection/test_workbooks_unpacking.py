"""Zips of workbooks: what comes out, what is left out, what is refused."""

from __future__ import annotations

import io
import struct
import unicodedata
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.collection.workbooks import unpacking
from portal.collection.workbooks.unpacking import NotUnpacked, is_archive, unpack

CSV = "Tên đơn vị;Tổng số hộ\nXã An Lạc;12\n".encode()


def zipped(entries: dict[str, bytes], *, encrypted: bool = False) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    data = content.getvalue()
    if encrypted:  # the flag alone, in both headers
        data = data.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
        data = data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    return data


def as_old_packer(name: bytes, data: bytes) -> bytes:
    """A zip whose one name stands in bytes of its packer, without the mark of UTF-8."""
    plain = "x" * len(name)
    return zipped({plain: data}).replace(plain.encode(), name)


def opened(tmp_path, data: bytes, **more):
    path, folder = tmp_path / "cac-xa.zip", tmp_path / "mo"
    path.write_bytes(data)
    folder.mkdir()
    return unpack(path, folder, **more)


def names(found) -> list[str]:
    return [member.name for member in found.members]


def test_files_come_out_with_their_folders(tmp_path):
    found = opened(tmp_path, zipped({"Xã An Lạc/bieu.csv": CSV, "b.csv": CSV + b"1"}))
    assert names(found) == ["Xã An Lạc/bieu.csv", "b.csv"]
    assert found.members[0].path.read_bytes() == CSV


@pytest.mark.parametrize(
    "name",
    [
        "Xã Vân Sơn.csv".encode(),
        unicodedata.normalize("NFD", "Xã Vân Sơn.csv").encode(),
        "Xa\u0303 Vân Sơn.csv".encode("cp1258"),
    ],
)
def test_names_of_old_packers_are_vietnamese_again(tmp_path, name):
    assert names(opened(tmp_path, as_old_packer(name, CSV))) == ["Xã Vân Sơn.csv"]


@pytest.mark.parametrize(
    "name",
    ["__MACOSX/._a.csv", "._a.csv", ".DS_Store", "~$a.xlsx", "x/Thumbs.db", ".~lock.a.ods#"],
)
def test_files_of_the_system_are_left_out_and_said(tmp_path, name):
    found = opened(tmp_path, zipped({name: b"abc", "a.csv": CSV}))
    assert names(found) == ["a.csv"]
    assert [item.name for item in found.left_out] == [name]


def test_what_is_no_workbook_is_left_out_with_its_kind(tmp_path):
    found = opened(tmp_path, zipped({"cong-van.pdf": b"%PDF-1.4", "a.csv": CSV, "rong.csv": b""}))
    reasons = dict(found.left_out)
    assert "PDF" in reasons["cong-van.pdf"]
    assert "rỗng" in reasons["rong.csv"]


def test_a_zip_in_a_zip_is_opened_once_only(tmp_path):
    inner = zipped({"b.csv": CSV})
    middle = zipped({"a.csv": CSV + b"1", "sau.zip": inner})
    found = opened(tmp_path, zipped({"Huyện/cac-xa.zip": middle}))
    assert names(found) == ["Huyện/cac-xa/a.csv"]
    assert "hai lớp" in found.left_out[0].reason


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "x/../../a.csv", "C:\\a.csv"])
def test_a_name_that_leads_outside_is_refused(tmp_path, name):
    with pytest.raises(NotUnpacked, match="ra ngoài thư mục"):
        opened(tmp_path, zipped({name: CSV}))


def test_a_password_is_said(tmp_path):
    with pytest.raises(NotUnpacked, match="mật khẩu"):
        opened(tmp_path, zipped({"a.csv": CSV}, encrypted=True))


def test_thousands_of_entries_are_refused_before_the_directory_is_read(tmp_path, monkeypatch):
    with pytest.raises(NotUnpacked, match="quá nhiều tệp"):
        opened(tmp_path, zipped({f"{n}.csv": b"1" for n in range(unpacking.MOST_FILES + 1)}))
    monkeypatch.setattr(unpacking, "MOST_DIRECTORY", 100)
    monkeypatch.setattr(unpacking, "Archive", None)
    (tmp_path / "mo").rmdir()
    with pytest.raises(NotUnpacked, match="quá nhiều tệp"):
        opened(tmp_path, zipped({"a.csv": CSV, "b.csv": CSV}))


def test_a_bomb_is_stopped_while_it_unfolds(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "MOST_CONTENT", 100_000)
    data = zipped({"a.csv": b"1" * 1_000_000})
    told = struct.pack("<L", 1_000_000)
    with pytest.raises(NotUnpacked, match="nở ra"):
        opened(tmp_path, data.replace(told, struct.pack("<L", 10)))


def test_a_broken_zip_is_said(tmp_path):
    with pytest.raises(NotUnpacked, match="bị hỏng"):
        opened(tmp_path, zipped({"a.csv": CSV})[:-30])


def test_a_file_too_large_is_left_out(tmp_path):
    found = opened(tmp_path, zipped({"a.csv": CSV, "b.csv": CSV * 50}), most_bytes=200)
    assert names(found) == ["a.csv"]


def test_workbooks_are_no_archives(tmp_path):
    from openpyxl import Workbook

    Workbook().save(tmp_path / "a.xlsx")
    (tmp_path / "b.zip").write_bytes(zipped({"a.csv": CSV}))
    (tmp_path / "c.csv").write_bytes(CSV)
    assert [is_archive(tmp_path / name) for name in ("a.xlsx", "b.zip", "c.csv")] == [
        False,
        True,
        False,
    ]


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_is_damaged_ends_in_files_or_a_sentence(tmp_path_factory, data):
    content = bytearray(zipped({"Xã An Lạc.csv": CSV, "x/b.csv": CSV * 3}))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    place = tmp_path_factory.mktemp("hong")
    try:
        found = opened(place, bytes(content))
    except NotUnpacked:
        return
    for member in found.members:
        assert member.path.resolve().parent == (place / "mo").resolve()
