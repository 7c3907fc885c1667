"""Django behind the relay or nginx."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haochaping.config.settings")
application = get_wsgi_application()
