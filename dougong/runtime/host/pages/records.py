from flask import Blueprint

from dougong.platform.access import needs

pages = Blueprint("records", __name__, url_prefix="/t/<tenant>/records")


@pages.get("/")
@needs("records.see")
def index() -> str:
    return ""
