"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

application = get_wsgi_application()

# whoever starts the server, and however
from portal.preflight import refuse_demo_in_production  # noqa: E402

refuse_demo_in_production()
connections.close_all()  # forked workers open their own
