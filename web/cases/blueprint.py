"""The blueprint that all pages and acts of cases hang on."""

from flask import Blueprint

blueprint = Blueprint("cases", __name__)
