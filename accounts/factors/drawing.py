"""The picture that an authenticator app reads its secret from."""

from __future__ import annotations

import io

import segno


def drawing(url: str) -> str:
    """An SVG of the QR code, dark on white with the margin that cameras need."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        out, kind="svg", scale=5, border=4, light="#ffffff", xmldecl=False, svgns=True
    )
    return out.getvalue().decode()
