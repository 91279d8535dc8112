"""Handing out files people uploaded, so that a browser can do no harm with them."""

import mimetypes

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404

_PICTURES = {"image/png", "image/jpeg", "image/webp"}


def file_response(file: FieldFile, *, save_as: str = "", is_public: bool = False) -> FileResponse:
    """Return a file after its gate was passed.

    With ``save_as`` the browser saves it under this name; without, it is shown in place, which
    only pictures are. Nothing in it may run or be guessed to be something else.

    :raises Http404: when the stored file is gone.
    """
    kind = mimetypes.guess_type(file.name or "")[0] or ""
    try:
        content = file.storage.open(file.name or "", "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=bool(save_as) or kind not in _PICTURES,
        filename=save_as,
        content_type=kind if kind in _PICTURES or kind == "application/pdf" else None,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "public, max-age=3600" if is_public else "private, no-store"
    return response
