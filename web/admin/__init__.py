"""The admin's pages: people and organisations."""

from flask import Blueprint

blueprint = Blueprint("admin", __name__, url_prefix="/quan-tri")
