"""The environment variables the site reads, for settings modules: one typed table, no default for a secret."""

from dataclasses import dataclass
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

_reader = environ.Env()


class _Required:
    """Marks a variable that has no default."""


REQUIRED = _Required()


@dataclass(frozen=True)
class Variable:
    """One environment variable: its kind (a method of django-environ), its default, and what it is for (in French)."""

    kind: str
    purpose: str
    default: Any = REQUIRED


VARIABLES: dict[str, Variable] = {
    "DJANGO_SECRET_KEY": Variable("str", "signe les sessions et les liens de réinitialisation"),
    "DATABASE_URL": Variable("str", "adresse de la base PostgreSQL"),
    "MARA_NATIONAL_HOST": Variable("str", "nom d'hôte du site national"),
    "MARA_ADMIN_URL": Variable("str", "adresse écrite dans les courriels, avec https://", ""),
    "MARA_MEDIA_ROOT": Variable("str", "dossier des images et documents déposés"),
    "MARA_STATIC_ROOT": Variable("str", "dossier des fichiers statiques rassemblés", ""),
    "MARA_SEARCH_DIR": Variable("str", "dossier de l'index de recherche de cette machine, refait s'il manque", ""),
    "MARA_S3_BUCKET": Variable("str", "espace S3 des fichiers déposés, au lieu d'un dossier", ""),
    "MARA_S3_ENDPOINT": Variable("str", "adresse du service S3", ""),
    "MARA_S3_REGION": Variable("str", "région du service S3", ""),
    "MARA_TRUST_PROXY": Variable("bool", "un serveur frontal pose X-Forwarded-Proto et X-Forwarded-For", False),
    "MARA_SECOND_FACTOR": Variable("bool", "la double vérification est demandée à qui tient le site", True),
    "MARA_HSTS_SECONDS": Variable("int", "durée de Strict-Transport-Security, en secondes", 31536000),
    "MARA_SECURITY_CONTACT": Variable("str", "à qui signaler une faille : mailto: ou https: (security.txt)", ""),
    "MARA_STATEMENT_TIMEOUT_MS": Variable("int", "durée maximale d'une requête à la base, en millisecondes", 15000),
    "MARA_EMAIL_URL": Variable("email_url", "serveur d'envoi des courriels", "consolemail://"),
    "MARA_EMAIL_FROM": Variable("str", "expéditeur des courriels", "MARA <ne-pas-repondre@example.org>"),
    "MARA_TASKS": Variable(
        "str", "où vont les tâches : database (gardées pour un ouvrier) ou immediate (faites aussitôt)", "database"
    ),
    "MARA_BACKUP_DIR": Variable("str", "dossier des sauvegardes", ""),
    "MARA_BACKUP_COPY": Variable("str", "lieu de la copie chiffrée des sauvegardes (dossier, sftp:, s3:)", ""),
    "MARA_BACKUP_PASSWORD": Variable("str", "mot de passe qui chiffre cette copie", ""),
    "MARA_ENV_FILE": Variable("str", "fichier de ces variables, joint à la copie chiffrée", ""),
    "MARA_CERTIFICATE_FILE": Variable(
        "str", "copie du certificat HTTPS, ou dossier de copies, pour en suivre la fin et les noms", ""
    ),
    "MARA_SENTRY_DSN": Variable("str", "adresse d'un serveur Sentry, à qui les erreurs sont dites", ""),
    "MARA_PAGE_CACHE_URL": Variable(
        "cache_url", "où garder les pages faites pour les visiteurs", "locmemcache://pages"
    ),
    "MARA_PAGE_CACHE_SECONDS": Variable("int", "durée pendant laquelle une page faite est redonnée, en secondes", 60),
    "MARA_PAGE_CACHE_SHARED_SECONDS": Variable("int", "la même durée, pour le serveur placé devant", 2),
    "MARA_FRONT_CACHE": Variable("json", "caches à prévenir d'une publication (WAGTAILFRONTENDCACHE)", {}),
    "MARA_LISTEN": Variable(
        "str", "adresse IPv4 où écoutent les serveurs d'application de cette machine", "127.0.0.1"
    ),
    "MARA_OTHER_INSTANCES": Variable(
        "list", "serveurs d'application des autres machines (adresse:port, séparés par des virgules)", []
    ),
    "MARA_WORKERS": Variable("int", "processus de chaque serveur d'application", 1),
    "MARA_THREADS": Variable("int", "requêtes que chaque processus traite à la fois", 4),
    "MARA_LOG_LEVEL": Variable("str", "gravité à partir de laquelle un message est écrit au journal", "INFO"),
    "MARA_PG_BIN": Variable("str", "dossier des programmes de PostgreSQL, pour la base embarquée", ""),
}


def read(name: str, **override: Any) -> Any:
    """Return the typed value of a declared variable; `default=` relaxes it, for demo, dev and test settings.

    Raises ImproperlyConfigured, in French and naming the variable, when a value is missing or malformed.
    """
    variable = VARIABLES[name]
    default = override.get("default", variable.default)
    parse = getattr(_reader, variable.kind)
    try:
        return parse(name) if default is REQUIRED else parse(name, default=default)
    except environ.ImproperlyConfigured as error:
        raise ImproperlyConfigured(
            f"La variable d'environnement {name} n'est pas définie ({variable.purpose}) : voir docs/env-vars.md."
        ) from error
    except ValueError as error:
        raise ImproperlyConfigured(
            f"La variable d'environnement {name} est illisible, on attend : {variable.kind} (docs/env-vars.md)."
        ) from error
