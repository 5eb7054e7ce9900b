"""Copies: read by whoever reads reports, made by the clerk."""

from tests.access.reports import readers, roles
from tests.reports import copying


def letter(cast):
    kwargs = {"document_pk": copying.incoming().pk}
    return kwargs, kwargs


def a_copy(cast):
    kwargs = {"pk": copying.begun(copying.incoming(copying.scan())).pk}
    return kwargs, kwargs


def its_file(cast):
    kwargs = a_copy(cast)[0] | {"which": "goc"}
    return kwargs, kwargs


ROWS = [
    ("reports:copy_list", None, "get", readers()),
    ("reports:document_copies", letter, "get", readers()),
    ("reports:copy_create", letter, "get", roles("clerk")),
    ("reports:copy_create", letter, "post", roles("clerk", status=422)),
    ("reports:copy_detail", a_copy, "get", readers()),
    ("reports:copy_progress", a_copy, "get", readers(302)),
    ("reports:copy_number", a_copy, "post", roles("clerk", status=302)),
    ("reports:copy_seal", a_copy, "post", roles("clerk", status=422)),
    ("reports:copy_drop", a_copy, "post", roles("clerk", status=302)),
    ("reports:copy_file", its_file, "get", readers()),
]
