"""The blueprint that the council's page, the batches and the acts on a whole assessment hang on."""

from flask import Blueprint

blueprint = Blueprint("council", __name__)
