"""The one settings file; what differs between installations comes from the environment (.env.example)."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from s2b2c import env

BASE_DIR = Path(__file__).resolve().parent.parent
env.load(BASE_DIR / ".env")
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))

DEBUG = env.flag("DEBUG")
HTTPS = env.flag("HTTPS")
DEMO = env.flag("DEMO")
SECRET_KEY = env.text("SECRET_KEY") or "insecure-development-key-insecure-development-key-0000"
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")

# --- Hosts ---------------------------------------------------------------------------------------
PLATFORM_NAME = env.text("PLATFORM_NAME", "S2B2C")
PLATFORM_DOMAIN = env.text("PLATFORM_DOMAIN", "localhost")
PUBLIC_SCHEME = "https" if HTTPS else "http"
PUBLIC_PORT = env.text("PUBLIC_PORT", "" if HTTPS else "8000")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", f"{PLATFORM_DOMAIN},.{PLATFORM_DOMAIN}")
ROOT_URLCONF = "s2b2c.urls.platform"
WSGI_APPLICATION = "s2b2c.wsgi.application"

# --- Apps: the kind of schema an app lives in is decided here --------------------------------------
SHARED_APPS = [
    "django_tenants",
    "s2b2c.tenancy",
    "s2b2c",
    "s2b2c.ui",
    "s2b2c.accounts",
    "s2b2c.api",
    "s2b2c.jobs",
    "s2b2c.outbox",
    "supplier",
    "enablement",
    "storefront",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "treebeard",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
]
TENANT_APPS = ["reseller", "orders"]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]

TENANT_MODEL = "tenancy.Reseller"
TENANT_DOMAIN_MODEL = "tenancy.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]

MIDDLEWARE = [
    "s2b2c.tenancy.middleware.HostMiddleware",  # first: it vouches for own domains, which ALLOWED_HOSTS can't list
    "s2b2c.api.middleware.NoNulMiddleware",
    "s2b2c.api.middleware.OpenApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "s2b2c.ui.csp.ContentSecurityPolicyMiddleware",
    "storefront.cache.ShopMiddleware",  # pages of a shop that are the same for everybody need nothing below
    "s2b2c.tenancy.sessions.ScopedSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "s2b2c.tenancy.middleware.ReadTransactionMiddleware",
    "s2b2c.accounts.middleware.MembershipMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "s2b2c.ui.refusals.RefusalMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "s2b2c.ui.context.frame",
                "s2b2c.urls.navigation.frame",
            ],
        },
    }
]

# --- Data ----------------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL", "postgres://s2b2c@127.0.0.1:5432/s2b2c")
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL")  # who makes and changes tables, where that is somebody else
DATABASES = {
    "default": {
        "ENGINE": "s2b2c.tenancy.backend",
        **env.database(DATABASE_URL),
        "CONN_MAX_AGE": env.number("CONN_MAX_AGE", 120),
        "CONN_HEALTH_CHECKS": True,
        # PgBouncer in transaction mode hands a connection on after each transaction.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "s2b2c.tenancy.cache.TolerantRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "s2b2c.tenancy.cache.make_key",
    }
}

# --- Celery --------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 1800
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 7200,  # above the longest task
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "drain-outbox": {"task": "s2b2c.outbox.tasks.drain", "schedule": 1.0, "options": {"expires": 5}},
    "watch-outbox": {"task": "s2b2c.outbox.tasks.watch", "schedule": 30.0, "options": {"expires": 30}},
    "forget-events": {"task": "s2b2c.outbox.tasks.forget_events", "schedule": 3600.0, "options": {"expires": 3600}},
    "expire-holds": {"task": "orders.tasks.expire_holds", "schedule": 15.0, "options": {"expires": 30}},
    "serve-waiting": {"task": "supplier.tasks.serve_waiting", "schedule": 60.0, "options": {"expires": 60}},
    "delete-erased": {"task": "supplier.tasks.delete_erased", "schedule": 60.0, "options": {"expires": 60}},
    "tend-lots": {"task": "supplier.tasks.tend_lots", "schedule": 10.0, "options": {"expires": 10}},
    "reconcile-payments": {
        "task": "orders.tasks.reconcile_payments",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "forget-answers": {"task": "s2b2c.api.tasks.forget_answers", "schedule": 3600.0, "options": {"expires": 3600}},
    "run-jobs": {"task": "s2b2c.jobs.tasks.run_jobs", "schedule": 5.0, "options": {"expires": 10}},
    "forget-jobs": {"task": "s2b2c.jobs.tasks.forget_jobs", "schedule": 3600.0, "options": {"expires": 3600}},
    "tend-stock": {"task": "supplier.tasks.tend_stock", "schedule": 5.0, "options": {"expires": 5}},
    "run-settlements": {"task": "supplier.tasks.run_settlements", "schedule": 10.0, "options": {"expires": 20}},
    "mark-due": {"task": "supplier.tasks.mark_due", "schedule": 300.0, "options": {"expires": 300}},
    "reconcile-provider": {
        "task": "supplier.tasks.reconcile_provider",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "seal-books": {"task": "supplier.tasks.seal_books", "schedule": 1800.0, "options": {"expires": 1800}},
    "sum-sales": {"task": "enablement.tasks.sum_sales", "schedule": 15.0, "options": {"expires": 15}},
    "plan-purchases": {"task": "enablement.tasks.plan_purchases", "schedule": 10.0, "options": {"expires": 20}},
    "tend-rounds": {"task": "enablement.tasks.tend_rounds", "schedule": 20.0, "options": {"expires": 40}},
    "share-savings": {"task": "enablement.tasks.share_savings", "schedule": 60.0, "options": {"expires": 60}},
    "tell-recalls": {"task": "enablement.tasks.tell_recalls", "schedule": 5.0, "options": {"expires": 10}},
    "refresh-cards": {"task": "enablement.tasks.refresh_cards", "schedule": 1800.0, "options": {"expires": 1800}},
    "dispatch-services": {
        "task": "enablement.tasks.dispatch_services",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "ring-desk": {"task": "enablement.tasks.ring_desk", "schedule": 60.0, "options": {"expires": 60}},
    "make-months": {"task": "enablement.tasks.make_months", "schedule": 21600.0, "options": {"expires": 21600}},
    "advise-shops": {"task": "enablement.tasks.advise_shops", "schedule": 600.0, "options": {"expires": 600}},
    "sort-customers": {"task": "orders.tasks.sort_customers", "schedule": 86400.0, "options": {"expires": 86400}},
    "compare-shops": {"task": "enablement.tasks.compare_shops", "schedule": 21600.0, "options": {"expires": 21600}},
    "write-visits": {"task": "enablement.tasks.write_visits", "schedule": 30.0, "options": {"expires": 30}},
    "forget-visits": {"task": "enablement.tasks.forget_visits", "schedule": 86400.0, "options": {"expires": 86400}},
    "score-shops": {"task": "enablement.tasks.score_shops", "schedule": 3600.0, "options": {"expires": 3600}},
    "forecast-sales": {"task": "enablement.tasks.forecast_sales", "schedule": 600.0, "options": {"expires": 600}},
    "lapse-returns": {"task": "supplier.tasks.lapse_returns", "schedule": 3600.0, "options": {"expires": 3600}},
    "run-imports": {"task": "supplier.tasks.run_imports", "schedule": 10.0, "options": {"expires": 20}},
}

OUTBOX_ALARM_SECONDS = env.number("OUTBOX_ALARM_SECONDS", 60)  # an event that waits for longer is an alarm
OUTBOX_KEEP_DAYS = env.number("OUTBOX_KEEP_DAYS", 30)  # events handled before are forgotten
RETURN_LAPSE_DAYS = env.number("RETURN_LAPSE_DAYS", 30)  # approved and not sent for longer, a return ends
SERVICE_OFFER_MINUTES = env.number("SERVICE_OFFER_MINUTES", 120)  # then the next provider is asked
ALARM_EMAILS = env.words("ALARM_EMAILS")  # who is told; empty: the log only

# --- People --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_ADAPTER = "s2b2c.accounts.adapter.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True
_FORMS = "s2b2c.accounts.forms"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.LoginForm",
    "signup": f"{_FORMS}.SignupForm",
    "reset_password": f"{_FORMS}.ResetPasswordForm",
    "reset_password_from_key": f"{_FORMS}.ResetPasswordKeyForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "set_password": f"{_FORMS}.SetPasswordForm",
    "add_email": f"{_FORMS}.ChangeEmailForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds a log-in counts as fresh enough for keys, payouts, banks
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = PLATFORM_NAME
MFA_ADAPTER = "s2b2c.accounts.adapter.MFAAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": f"{_FORMS}.AuthenticateForm",
    "reauthenticate": f"{_FORMS}.MFAReauthenticateForm",
    "activate_totp": f"{_FORMS}.ActivateTOTPForm",
    "add_webauthn": f"{_FORMS}.AddWebAuthnForm",
    "edit_webauthn": f"{_FORMS}.EditWebAuthnForm",
}
# Administrators of S set up a second factor before anything else; a demo shows its passwords anyway.
SUPPLIER_MFA_REQUIRED = env.flag("SUPPLIER_MFA_REQUIRED", not DEMO)
RESELLER_APPROVAL = env.flag("RESELLER_APPROVAL")  # on: S approves each new shop before it opens
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

# --- Cookies and headers ---------------------------------------------------------------------------
_PREFIX = "__Host-" if HTTPS else ""
SESSION_ENGINE = "s2b2c.tenancy.sessions"
SESSION_COOKIE_NAME = f"{_PREFIX}session"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{_PREFIX}language"
THEME_COOKIE_NAME = f"{_PREFIX}theme"
CART_COOKIE_NAME = f"{_PREFIX}bag"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "s2b2c.ui.refusals.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY") else None
# How many proxies of ours add to X-Forwarded-For: the client is that many entries from the right.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 1 if env.flag("BEHIND_PROXY") else 0)
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
X_FRAME_OPTIONS = "SAMEORIGIN"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Languages -----------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["s2b2c.formats"]
TIME_ZONE = "UTC"

# --- Files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR_DIR / "static")))
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.text("STATIC_STORAGE", "django.contrib.staticfiles.storage.StaticFilesStorage")},
}
WHITENOISE_USE_FINDERS = env.flag("STATIC_FINDERS", True)
WHITENOISE_AUTOREFRESH = DEBUG
FORMS_URLFIELD_ASSUME_HTTPS = True

# --- Mail ----------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = VAR_DIR / "mail"
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", f"no-reply@{PLATFORM_DOMAIN}")

# --- Payments ------------------------------------------------------------------------------------
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = env.text("STRIPE_API_BASE")
HOLD_MINUTES = env.number("HOLD_MINUTES", 15)
# A bank that takes its time: the stock of an order whose customer was done paying is kept for so long.
HOLD_DELAYED_HOURS = env.number("HOLD_DELAYED_HOURS", 96)
HOT_RATE = (
    20  # orders a second of one variant from one warehouse, over HOT_SECONDS, that make it hot; a tenth cools it
)
HOT_SECONDS = 10
HOT_BUCKETS = 32
CSP_FORM_ACTION = env.words("CSP_FORM_ACTION", "https://checkout.stripe.com")

# --- API -----------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["s2b2c.api.authentication.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["s2b2c.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["s2b2c.api.parsers.CleanJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "s2b2c.api.pagination.KeysetPagination",
    "EXCEPTION_HANDLER": "s2b2c.api.errors.handle",
    "DEFAULT_THROTTLE_CLASSES": ["s2b2c.api.throttles.PerShopThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "shop": env.text("THROTTLE_SHOP", "1200/min"),
        "supply": env.text("THROTTLE_SUPPLY", "6000/min"),
        # of one address or one key in one shop
        "client": env.text("THROTTLE_CLIENT", "600/min"),
    },
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{PLATFORM_NAME} API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {},
}

# --- Logs ----------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS = [
    "django_tenants.W003",
    "security.W019",  # the look editor shows the shop in a frame; the CSP names who may
]
