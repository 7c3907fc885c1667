"""Django as in production, for one view and without what that view has no use for."""

from haochaping.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.rating.orm"
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
