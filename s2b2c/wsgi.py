"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "s2b2c.settings")

application = get_wsgi_application()

# What is loaded by now stays as long as the process: the collector need not walk over it again and again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
