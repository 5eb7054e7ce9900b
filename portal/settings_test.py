"""Settings of the tests: a pair of servers of their own, plain static files, fast passwords."""

import datetime
import os

from portal.settings import *  # noqa: F403, TID251
from portal.settings import BASE_DIR, CONNECTED_WITH, Place, dj_database_url  # noqa: TID251

DEMO = True
AGENCY_DAY = datetime.date(2023, 11, 1)
SECRET_KEY = "of the tests only"  # noqa: S105
EMBEDDED = Place(BASE_DIR / "var" / "test")
DATABASE_URL = os.environ.get("DATABASE_URL") or EMBEDDED.database_url
REDIS_URL = CELERY_BROKER_URL = os.environ.get("REDIS_URL") or EMBEDDED.redis_url
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
# a test that commits empties its database afterwards, locked rows and all
DATABASES["default"]["OPTIONS"] = {"options": f"{CONNECTED_WITH} -c portal.may_truncate=on"}
DATABASES["default"]["TEST"] = {"NAME": f"test_portal_{os.environ.get('TEST_RUN', 'suite')}"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
# a live server takes static files from the finders
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]  # noqa: F405
SIGNING_TSA_URL = SIGNING_PKCS11_MODULE = ""
SIGNING_ONLINE = True
