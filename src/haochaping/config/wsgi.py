"""Django behind the relay or nginx."""

import os

from django.core.wsgi import get_wsgi_application

from haochaping.policy.keeping import keeper

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haochaping.config.settings")
# Without rules there is nothing to serve: what is wrong with them is said at the start, not at the first page.
keeper()
application = get_wsgi_application()
