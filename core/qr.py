"""Square codes (QR) that lead from paper to an address. Standard: ISO/IEC 18004; drawn by ``qrcode``."""

from __future__ import annotations

import base64

import qrcode
from qrcode.image.svg import SvgPathImage

LONGEST = 1000  # characters; a code of more is too fine to be read from paper


def qr_image(address: str) -> str:
    """An address as a square code: the ``src`` of an image (SVG, nothing to fetch). Empty when it is too long."""
    if len(address) > LONGEST:
        return ""
    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(address)
    svg = code.make_image(image_factory=SvgPathImage).to_string()
    return "data:image/svg+xml;base64," + base64.b64encode(svg).decode()
