"""PDF files with tags for screen readers, set by typst from ``templates/``.

Data reach a template as JSON and are shown as text: nothing anybody enters becomes markup. Fonts
come with the portal, nothing is fetched.
"""

from pathlib import Path
from typing import Any
from unicodedata import normalize

import orjson
import typst

from events.pdf import fonts

_TEMPLATES = Path(__file__).parent / "templates"
_MISSING = "could not be displayed with font"


def render(template: str, data: dict[str, Any]) -> bytes:
    """Return ``templates/<template>.typ`` filled with ``data`` as a PDF after PDF/UA-1.

    A name in a script the portal brings no font for is set with a font of this machine; where it
    has none either, boxes stand for its signs and the file is no PDF/UA.
    """
    for faces in (fonts.bundled, fonts.with_system):
        try:
            return bytes(_compile(template, data, faces(), standards=["ua-1"]))
        except typst.TypstError as error:
            if _MISSING not in str(error):
                raise
    return bytes(_compile(template, data, fonts.with_system(), standards=[]))


def pictures(template: str, data: dict[str, Any], *, dots_per_inch: int = 150) -> list[bytes]:
    """Return the same pages as PNG files."""
    made = _compile(template, data, fonts.bundled(), kind="png", ppi=dots_per_inch)
    return made if isinstance(made, list) else [made]


def _compile(
    template: str, data: dict[str, Any], faces: typst.Fonts, *, standards: Any = None, **more: Any
) -> Any:
    given = orjson.dumps({**data, "fonts": fonts.families()}).decode()
    return typst.compile(
        str(_TEMPLATES / f"{template}.typ"),
        root=str(_TEMPLATES),
        font_paths=faces,
        ignore_system_fonts=True,
        format=more.pop("kind", "pdf"),
        sys_inputs={"data": normalize("NFC", given)},
        **({"pdf_standards": standards} if standards else {}),
        **more,
    )
