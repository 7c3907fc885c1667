"""Django's settings. Whatever differs between installations comes from the environment that `up` or the operator sets:
DATABASE_URL, HAOCHAPING_DATA (keys), HAOCHAPING_BASE_URL, HAOCHAPING_HOSTS, HAOCHAPING_OPEN_DATA_LICENCE."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from psycopg.conninfo import conninfo_to_dict

from haochaping.accounts.sign_in_rules import sign_in_rules
from haochaping.evidence.clips import margin
from haochaping.evidence.rules import limits
from haochaping.exchange.identity_provider.settings import provider_of
from haochaping.foundation.browser import CONTENT_POLICY
from haochaping.foundation.keys import key_for

BASE_URL = os.environ.get("HAOCHAPING_BASE_URL", "http://127.0.0.1:8000")
SECRET_KEY = key_for("django secret").hex()
DEBUG = False
_base = urlsplit(BASE_URL)
ALLOWED_HOSTS = [
    _base.hostname or "127.0.0.1",
    "127.0.0.1",
    "localhost",
    *os.environ.get("HAOCHAPING_HOSTS", "").split(),
]
CSRF_TRUSTED_ORIGINS = [f"{_base.scheme}://{_base.netloc}"]

ROOT_URLCONF = "haochaping.config.urls"
WSGI_APPLICATION = "haochaping.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "csp",
    "haochaping.audit",
    "haochaping.registry",
    "haochaping.accounts",
    "haochaping.tallies",
    "haochaping.identity",
    "haochaping.notices",
    "haochaping.evidence",
    "haochaping.cases",
    "haochaping.ratings",
    "haochaping.rectification",
    "haochaping.oversight",
    "haochaping.scoring",
    "haochaping.publication",
    "haochaping.analysis",
    "haochaping.faces.shared",
    "haochaping.faces.console",
    "haochaping.faces.portal",
]

MIDDLEWARE = [
    "haochaping.config.request_ids.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "haochaping.config.rules.RulesOfRequest",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

_dsn = conninfo_to_dict(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _dsn.get("dbname", "haochaping"),
        "USER": _dsn.get("user", ""),
        "PASSWORD": _dsn.get("password", ""),
        "HOST": _dsn.get("host", ""),
        "PORT": str(_dsn.get("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}

# Under which terms the open data may be used, in words or as an address: the operator lays that down (docs/open-data.md).
OPEN_DATA_LICENCE = os.environ.get("HAOCHAPING_OPEN_DATA_LICENCE", "")
# Who needs a second factor, how long sessions last, what a password must be (docs/officials.md).
SIGN_IN_RULES = sign_in_rules(os.environ)
# By which provider they may sign in as well, if by any (the same page).
IDENTITY_PROVIDER = provider_of(os.environ)
AUTH_USER_MODEL = "accounts.Official"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": SIGN_IN_RULES.password_length},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "console:login"
LOGIN_REDIRECT_URL = "console:account"

LANGUAGE_CODE = "zh-hans"
# What commands say; rooms and faces bring theirs as apps.
LOCALE_PATHS = [Path(__file__).parents[1] / "cli" / "locale"]
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

_encrypted = _base.scheme == "https"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _encrypted
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
# The table says when a session ends (accounts.session_store); the cookie lives as long as one can at most.
SESSION_ENGINE = "haochaping.accounts.session_store"
SESSION_COOKIE_AGE = int(SIGN_IN_RULES.longest.total_seconds())
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "no-referrer"
X_FRAME_OPTIONS = "DENY"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {name: list(sources) for name, sources in CONTENT_POLICY.items()}}

# How large and how many files of evidence may be (docs/evidence.md).
EVIDENCE_LIMITS = limits(os.environ)
VIDEO_MARGIN = margin(os.environ)

# Requests carry tokens and bodies carry what people said: the log names method, route and code, never path or content.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ours": {"()": "haochaping.config.logs.form"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ours"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    # What the server beneath says in its workers goes the same way.
    "loggers": {"django.request": {"level": "ERROR"}, "gunicorn.error": {"handlers": [], "propagate": True}},
}
