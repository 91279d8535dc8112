"""QR codes, as pictures for mails and as drawings for pages."""

from io import BytesIO

import segno


def qr_png(text: str, *, scale: int = 6) -> bytes:
    """Return ``text`` as a PNG, ``scale`` pixels a module, with the quiet zone scanners need."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()


def qr_svg(text: str) -> str:
    """Return ``text`` as an SVG element without style attributes, fit for a strict CSP."""
    svg: str = segno.make(text, error="m", micro=False).svg_inline(
        scale=4, border=4, light="#fff", omitsize=True, svgclass="cd-qr", lineclass=None
    )
    return svg


def qr_drawing(text: str) -> str:
    """Return ``text`` as an SVG file for print, one unit a module, with the quiet zone.

    The mask is given: any is valid, and trying all eight takes most of the time for a sheet of
    300 badges.
    """
    out = BytesIO()
    segno.make(text, error="m", micro=False, mask=3).save(
        out, kind="svg", border=4, light="#fff", xmldecl=False
    )
    return out.getvalue().decode()
