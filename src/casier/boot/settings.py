"""Django's settings, read from the instance that CASIER_INSTANCE names.

Without CASIER_INSTANCE (tests, type checks, `makemigrations`) a throwaway instance is made, so that no test
can ever touch an installation that happens to live on the same machine.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from casier.boot.databases import database_settings
from casier.boot.throwaway import throwaway_instance
from casier.kernel.instance import INSTANCE_ENV, Instance

SOURCE = Path(__file__).resolve().parent.parent

CASIER_THROWAWAY = INSTANCE_ENV not in os.environ
CASIER_INSTANCE: Instance = throwaway_instance() if CASIER_THROWAWAY else Instance.load()
REDIS_SOCKET = CASIER_INSTANCE.socket("redis", "casier", "redis.sock")

SECRET_KEY = CASIER_INSTANCE.key("django").hex()
DEBUG = False
# nginx lets through only the hosts it knows (server_name); the academy comes from the directory's WebHost.
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "casier.audit",
    "casier.policies",
    "casier.directory",
    "casier.identity",
    "casier.identity.dispatch",
    "casier.identity.means",
    "casier.identity.factors",
    "casier.identity.guard",
    "casier.identity.activation",
    "casier.identity.recovery",
    "casier.identity.history",
    "casier.mailbox",
    "casier.mailbox.sending",
    "casier.mailbox.announcements",
    "casier.mailbox.arrivals",
    "casier.mailbox.choices",
    "casier.mailbox.writing",
    "casier.mailbox.filters",
    "casier.mailbox.links",
    "casier.mailbox.previews",
    "casier.mailbox.restoring",
    "casier.mailbox.transfer",
    "casier.mailbox.notifications",
    "casier.mailbox.delegations",
    "casier.mailbox.teamwork",
    "casier.mailbox.push",
    "casier.mailbox.offline",
    "casier.portal",
    "casier.portal.entry",
    "casier.portal.activation",
    "casier.portal.factors",
    "casier.portal.means",
    "casier.portal.passwords",
    "casier.portal.recovery",
    "casier.portal.activity",
    "casier.portal.repair",
    "casier.portal.selfcare",
    "casier.groups",
    "casier.rights",
    "casier.life",
    "casier.schools",
    "casier.contributors",
    "casier.feed",
    "casier.privacy",
    "casier.console",
]
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["casier.identity.backends.Sessions"]
PASSWORD_HASHERS = ["casier.identity.hashers.Argon2id"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "casier.portal.middleware.ContentSecurity",
    "casier.identity.middleware.Session",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "casier.portal.middleware.Person",
]
ROOT_URLCONF = "casier.boot.urls"
APPEND_SLASH = True

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SOURCE / "portal" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "casier.portal.context.page",
            ]
        },
    }
]

DATABASES = {"default": database_settings(CASIER_INSTANCE, throwaway=CASIER_THROWAWAY)}

CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
        if CASIER_THROWAWAY
        else {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"unix://{REDIS_SOCKET}?db=0",
            "KEY_PREFIX": "casier:cache",
        }
    )
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "français"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

STATIC_URL = "/static/"
STATIC_ROOT = CASIER_INSTANCE.app / "static"
# Names with a hash, so that browsers keep files for good; tests serve them without collecting first.
STORAGES: dict[str, dict[str, Any]] = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage."
        + ("StaticFilesStorage" if CASIER_THROWAWAY else "ManifestStaticFilesStorage")
    }
}

# TLS ends at nginx, which sets this header itself and drops a client's own.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
USE_X_FORWARDED_HOST = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-casier-csrf"
CSRF_FAILURE_VIEW = "casier.portal.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = "casier.identity.sessions"
SESSION_COOKIE_NAME = "__Host-casier"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# The browser keeps it until it is closed; when it ends is decided by the record in Redis.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
LANGUAGE_COOKIE_NAME = "__Host-casier-langue"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_tokens": {"()": "casier.kernel.untold.NoTokens"}},
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_tokens"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
