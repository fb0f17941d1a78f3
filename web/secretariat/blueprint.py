"""The blueprint of the secretariat's pages, and what they share: files to take away."""

from flask import Blueprint, Response, current_app

blueprint = Blueprint("secretariat", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_response(content: bytes, name: str) -> Response:
    """Return a workbook as a file to save."""
    response = current_app.response_class(content, content_type=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
