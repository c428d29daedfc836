from flask import Blueprint

from .access import needs

settings = Blueprint("settings", __name__, url_prefix="/t/<tenant>/settings")


@settings.get("/")
@needs("org.manage")
def index() -> str:
    return ""
