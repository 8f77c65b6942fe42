"""All settings, top to bottom. What differs between places comes from BOCAGE_* variables; a bad value stops the start."""

import os
import secrets
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlparse

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    return os.environ.get(f"BOCAGE_{name}", default).strip()


def yes(name: str, default: bool = False) -> bool:
    value = text(name, "yes" if default else "no").lower()
    if value not in ("yes", "no", "1", "0", "true", "false"):
        raise ImproperlyConfigured(f"BOCAGE_{name} is yes or no, not {value!r}")
    return value in ("yes", "1", "true")


def number(name: str, default: int) -> int:
    try:
        return int(text(name, str(default)))
    except ValueError as error:
        raise ImproperlyConfigured(f"BOCAGE_{name} is a whole number") from error


# ── Where and how it runs ──────────────────────────────────────────────────────────────────────────────────────────
DEBUG = yes("DEBUG")
DEMO = yes("DEMO")  # shows who to log in as, keeps mail in a folder, asks no second factor of staff
VAR = Path(text("VAR", str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)
ALLOWED_HOSTS = [host for host in text("HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",") if host]
SITE_URL = text("SITE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SOURCE_URL = text("SOURCE_URL")  # where this server's source code is offered (AGPL §13); blank serves its own archive


def _secret(name: str, new: str) -> str:
    """Return the given secret, or one made at first start and kept beside the data."""
    if text(name):
        return text(name)
    kept = VAR / name.lower().replace("_", "-")
    if not kept.exists():
        kept.write_text(new)
        kept.chmod(0o600)
    return kept.read_text().strip()


SECRET_KEY = _secret("SECRET_KEY", secrets.token_urlsafe(50))
LEDGER_KEY = _secret(
    "LEDGER_KEY", secrets.token_hex(32)
)  # signs the closings of books: 32 bytes, hexadecimal; back it up

# ── Apps, from the ground up ───────────────────────────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "django_linear_migrations",
    "bocage.infra",
    "bocage.ui",
    "bocage.network",
    "bocage.messages.apps.MessagesConfig",
    "bocage.pricing",
    "bocage.ledger",
    "bocage.catalogue",
    "bocage.stock",
    "bocage.payments",
    "bocage.invoicing",
    "bocage.shops",
    "bocage.assortment",
    "bocage.order_cycles",
    "bocage.orders",
    "bocage.shopfront",
    "bocage.fulfilment",
    "bocage.settlements",
    "bocage.cooperative.governance",
    "bocage.cooperative.contributions",
    "bocage.cooperative.commons_budget",
    "bocage.cooperative.federation",
    "bocage.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bocage.ui.compression.middleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bocage.infra.clock.middleware",
    "bocage.shopfront.embedding.middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "bocage.network.middleware.who_and_where",
    "bocage.network.middleware.language",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bocage.network.middleware.second_factor",
    "bocage.network.middleware.visiting",
    "bocage.shopfront.embedding.inside",
    "bocage.ui.middleware.refusals",
    "bocage.web.beginning.views.Lead",
]
ROOT_URLCONF = "bocage.web.urls"
WSGI_APPLICATION = "bocage.web.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [ROOT / "bocage" / "ui" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials", "bocage.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "bocage.ui.context.frame",
            ],
        },
    }
]


# ── Databases: SQLite when nothing is set, PostgreSQL by DATABASE_URL ──────────────────────────────────────────────
def _database(url: str) -> dict:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "bocage.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
            },
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": VAR / "test.sqlite3"},
        }
    parts = urlparse(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL starts with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": {
            # PostgreSQL spends more on planning our joins than on running them: a statement's plan is kept.
            "server_side_binding": True,
            "prepare_threshold": 2,
            **({} if TESTING else {"pool": {"min_size": 1, "max_size": number("DB_POOL", 8), "timeout": 20}}),
        },
    }


TESTING = "PYTEST_VERSION" in os.environ
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ── Languages and time ─────────────────────────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [ROOT / "bocage" / "locale"]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

# ── Accounts ───────────────────────────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "network.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:work"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "bocage.messages.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "bocage.network.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
STAFF_NEED_SECOND_FACTOR = yes("STAFF_NEED_SECOND_FACTOR", default=not DEMO)

# ── Cookies, headers ───────────────────────────────────────────────────────────────────────────────────────────────
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the front proxy's work
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if yes("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "bocage.web.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# ── Files ──────────────────────────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_FINDERS = [
    "bocage.ui.finders.OneStylesheet",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# ── Mail: to a folder until a server is named ──────────────────────────────────────────────────────────────────────
MAIL_FOLDER = VAR / "mail"
EMAIL_HOST = text("SMTP_HOST")
EMAIL_PORT = number("SMTP_PORT", 587)
EMAIL_HOST_USER = text("SMTP_USER")
EMAIL_HOST_PASSWORD = text("SMTP_PASSWORD")
EMAIL_USE_TLS = yes("SMTP_STARTTLS", default=bool(EMAIL_HOST_USER))
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = "django.core.mail.backends." + ("smtp" if EMAIL_HOST else "filebased") + ".EmailBackend"
EMAIL_FILE_PATH = MAIL_FOLDER
DEFAULT_FROM_EMAIL = text("MAIL_FROM", "bocage@localhost")

# ── Payments: what each provider needs; a provider without its keys is not offered ──────────────────────────────────
STRIPE_SECRET_KEY = text("STRIPE_SECRET_KEY")
STRIPE_PUBLISHABLE_KEY = text("STRIPE_PUBLISHABLE_KEY")
STRIPE_WEBHOOK_SECRET = text("STRIPE_WEBHOOK_SECRET")
STRIPE_API = text("STRIPE_API", "https://api.stripe.com").rstrip("/")
STRIPE_JS = text("STRIPE_JS", "https://js.stripe.com/v3/")
DEMO_BANK_URL = text("DEMO_BANK_URL", "http://localhost:8490" if DEMO else "").rstrip(
    "/"
)  # a bank that moves no money: `bocage up` starts it in the demo
DEMO_BANK_SECRET = text("DEMO_BANK_SECRET", sha256(f"demo bank {SECRET_KEY}".encode()).hexdigest())

# ── Background work ────────────────────────────────────────────────────────────────────────────────────────────────
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EVENTS_KEPT_DAYS = number("EVENTS_KEPT_DAYS", 90)

# ── Log: constant sentences with fields, to standard error ─────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": text("LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["security.W008"]
