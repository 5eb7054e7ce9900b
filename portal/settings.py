"""Settings, read from the environment. A bad value fails loudly; see README, "Đưa vào sử dụng"."""

import os
import secrets
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured

from portal.embedded import Place

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))


def flag(name: str, default: str = "0") -> bool:
    value = os.environ.get(name, default)
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} phải là 0 hoặc 1, không phải “{value}”.")
    return value == "1"


def seconds(name: str, default: str) -> float:
    try:
        value = float(os.environ.get(name, default))
    except ValueError:
        value = 0
    if not 0 < value <= 30:
        raise ImproperlyConfigured(f"{name} phải là số giây từ trên 0 đến 30.")
    return value


def kept_secret(name: str) -> str:
    """A random secret of this installation, made on first use."""
    path = VAR_DIR / name
    if not path.exists():
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        if not path.exists():
            fresh.rename(path)
    return path.read_text()


# DEMO is the mode of `make run`: demo accounts and data, plain http on this machine. Commands in a
# clone that runs the demo find its mark; a server must be told (portal.preflight).
DEMO_MARK = VAR_DIR / "is-demo"
DEMO = flag("PORTAL_DEMO", "1" if DEMO_MARK.exists() else "0")
DEBUG = False
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY") or kept_secret("secret_key")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]").split()
CSRF_TRUSTED_ORIGINS = os.environ.get("CSRF_TRUSTED_ORIGINS", "").split()
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "portal",
    "portal.jobs",
    "portal.units",
    "portal.accounts",
    "portal.collection",
    "portal.documents",
    "portal.public",
    "ethnic_data",
    "programs",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "portal.front_files.FrontFiles",
    "django.contrib.postgres",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_prose_editor",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.middleware.signed_out_in_place",
    "portal.accounts.middleware.own_pages_stay_own",
    "portal.accounts.middleware.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.accounts.middleware.first_password_change",
    "portal.middleware.no_empty_refusals",
    "portal.middleware.no_null_characters",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "portal.form_drawing.QuickForms"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "portal.templatetags.portal_format",
                "portal.templatetags.portal_components",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.navigation.navigation",
            ],
        },
    }
]

EMBEDDED = Place(VAR_DIR)
DATABASE_URL = os.environ.get("DATABASE_URL") or EMBEDDED.database_url
REDIS_URL = os.environ.get("REDIS_URL") or EMBEDDED.redis_url
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=600)}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# compiling a large statement takes PostgreSQL longer than running it does; with its usual 4 MB it
# sorts the values of a cross table on disk; weighing every order of eight joined tables takes it
# four times as long as weighing five at a time does, and finds nothing better
CONNECTED_WITH = "-c jit=off -c work_mem=48MB -c join_collapse_limit=5"
DATABASES["default"].setdefault("OPTIONS", {})["options"] = CONNECTED_WITH
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["portal.accounts.backends.RoleBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "public:home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in [
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    ]
]

# of all processes of this machine; unlike Redis it cannot be away while the pages are there
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }
}

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

NODE_MODULES = BASE_DIR / "node_modules"
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
_fonts = find_spec("fontpkg_be_vietnam_pro")
SCREEN_FONTS_DIR = Path(_fonts.origin).parent / "files" if _fonts and _fonts.origin else None
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap" / "dist"),
    *(
        (f"vendor/tinos/{face}", NODE_MODULES / "@expo-google-fonts" / "tinos" / face)
        for face in ("400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic")
    ),
]
FIGURE_FONTS_DIR = NODE_MODULES / "@fontsource" / "inter" / "files"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portal.screen_fonts.ScreenFontFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
# an upload never stands in a web process's memory whole
FILE_UPLOAD_HANDLERS = ["portal.room.UploadHandler"]
# one file for each of 209 communes at once; a page of a grid has more than 1.000 fields
DATA_UPLOAD_MAX_NUMBER_FILES = 500
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# a text of hundreds of pages in one field: a Vietnamese letter is sent as up to nine signs
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
# every file has its answer within this time, if only that it takes too long
UPLOAD_SECONDS = int(os.environ.get("UPLOAD_SECONDS", 60))
UPLOAD_MAX_BYTES = int(os.environ.get("UPLOAD_MAX_BYTES", 50 * 2**20))

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
# a page does not wait for a broker that is away: no second try, the sweeper rings again
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 0,
}
CELERY_BEAT_SCHEDULE = {
    "put_due_reorganisations_in_force": {
        "task": "portal.units.put_due_in_force",
        "schedule": crontab(hour=0, minute=5),
    },
    "sweep": {
        "task": "portal.jobs.sweep",
        "schedule": 1.5,
        "options": {"expires": 1.5},
    },
    "make_periods": {
        "task": "portal.collection.make_periods",
        "schedule": crontab(hour=0, minute=20),
    },
    "lift_signatures": {
        "task": "reports.lift_signatures",
        "schedule": crontab(minute="*/20"),
    },
    "send_waiting_letters": {
        "task": "reports.send_waiting_letters",
        "schedule": crontab(minute="10-59/20"),
    },
    # every day of the week makes up for a Monday on which nothing ran
    "ask_for_weekly_letters": {
        "task": "reports.ask_for_weekly_letters",
        "schedule": crontab(hour=6, minute=50),
    },
    # letters first: what they tell goes out with the same morning's mail
    "remind_of_letters": {
        "task": "portal.documents.remind",
        "schedule": crontab(hour=6, minute=20),
    },
    "remind": {
        "task": "portal.collection.remind",
        "schedule": crontab(hour=6, minute=40),
    },
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# the day whose names the pages carry; the demo shows the committee of November 2023
AGENCY_DAY = (
    date.fromisoformat(_day)
    if (_day := os.environ.get("AGENCY_DAY", "2023-11-01" if DEMO else ""))
    else None
)

# the report's signatures; see reports/signing
SIGNING_DIR = Path(os.environ.get("SIGNING_DIR", VAR_DIR / "signing"))
SIGNING_TSA_URL = os.environ.get("SIGNING_TSA_URL", "")  # a time stamp service (RFC 3161)
SIGNING_ONLINE = flag("SIGNING_ONLINE", "1")  # ask issuers whether a certificate is revoked
SIGNING_SERVICE_SECONDS = seconds("SIGNING_SERVICE_SECONDS", "4")
SIGNING_PKCS11_MODULE = os.environ.get("SIGNING_PKCS11_MODULE", "")  # the token's own library

# letters go to the mail server that is named; where none is, into files
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", 25))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = flag("EMAIL_USE_TLS"), flag("EMAIL_USE_SSL")
if EMAIL_USE_TLS and EMAIL_USE_SSL:
    raise ImproperlyConfigured("EMAIL_USE_TLS và EMAIL_USE_SSL: chỉ đặt một trong hai.")
EMAIL_TIMEOUT = seconds("EMAIL_TIMEOUT", "15")
EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND") or (
    f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
)
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "khong-tra-loi@localhost")

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
X_FRAME_OPTIONS = "DENY"
if not DEMO:
    SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", "1")
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = [r"^suc-khoe$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        name: {"level": "ERROR"}
        for name in ("fontTools", "weasyprint", "pikepdf", "pyhanko", "pyhanko_certvalidator")
    },
}
