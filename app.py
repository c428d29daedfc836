"""For WSGI servers: `gunicorn app:app`, `granian --interface wsgi app:app`, `waitress-serve app:app`."""

import os

from dougong import create_app
from dougong.platform import logs

logs.to_stderr(os.environ.get("DOUGONG_LOG", "text"))
app = create_app()
