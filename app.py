"""For WSGI servers: `waitress-serve app:app`."""

from dougong import create_app

app = create_app()
