"""The blueprint that the grader's pages hang on."""

from flask import Blueprint

blueprint = Blueprint("grading", __name__)
