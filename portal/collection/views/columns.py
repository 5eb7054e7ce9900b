"""The page on which the sender chooses by hand what each column of a file is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.access import permission_needed
from portal.collection.forms import ColumnsForm
from portal.collection.models import Upload
from portal.collection.services.beside import layout_of
from portal.collection.services.columns import map_columns, mappable, name_of

from .found import may_enter, telling, upload_of


@require_http_methods(["GET", "HEAD", "POST"])
@permission_needed("collection.enter")
def upload_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the columns; saving reads the file again with the choice."""
    found = upload_of(request, pk)
    submission = found.submission
    if not may_enter(request, submission) or found.state != Upload.State.READ:
        return redirect(found)
    layout = layout_of(submission)
    columns = mappable(found, layout)
    names = [(column.key, name_of(column.key, layout)) for column in layout.columns]
    sent = request.POST if request.method == "POST" else None
    form = ColumnsForm(sent, columns=columns, names=names)
    if form.is_valid():
        with telling(request):
            changed = map_columns(upload=found, layout=layout, chosen=form.chosen, by=request.user)
            if not changed:
                messages.info(request, "Các cột giữ nguyên như cũ.")
        return redirect(found)
    context = {"upload": found, "submission": submission, "form": form, "columns": columns}
    status = 422 if form.is_bound else 200
    return render(request, "collection/columns.html", context, status=status)
