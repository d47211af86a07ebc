from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes accounts whose only identifier is an e-mail address."""

    use_in_migrations = True

    def _create(self, email: str, password: str | None, **fields) -> "User":
        if not email:
            raise ValueError("an account needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create an ordinary account; without a password it cannot sign in yet."""
        return self._create(email, password, **{"is_staff": False, "is_superuser": False, **fields})

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """Create an account for the installation's technician; nobody's everyday account."""
        return self._create(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractUser):
    """A person with an account. The e-mail address is the login; there is no user name."""

    username = None
    email = models.EmailField(
        _("e-mail"), unique=True, error_messages={"unique": _("An account already has this e-mail.")}
    )

    # Part of what a session is checked against: changing it ends every session of the person at once.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering: ClassVar[list[str]] = ["last_name", "first_name", "email"]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def _get_session_auth_hash(self, secret=None) -> str:
        return f"{super()._get_session_auth_hash(secret)}.{self.session_epoch}"


class DeviceReset(models.Model):
    """A lost device: one administrator asks for its removal, another one approves it."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="device_resets", verbose_name=_("person")
    )
    reason = models.CharField(
        _("how you made sure that it is this person"),
        max_length=300,
        help_text=_("Such as: I called back at the number that I know."),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    asked_at = models.DateTimeField(_("asked on"), auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered on"), null=True)
    approved = models.BooleanField(_("approved"), null=True)

    class Meta:
        verbose_name = _("lost device")
        verbose_name_plural = _("lost devices")
        ordering: ClassVar[list[str]] = ["-asked_at", "-pk"]
        constraints: ClassVar[list] = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(answered_at__isnull=True), name="users_devicereset_one_pending"
            ),
            models.CheckConstraint(
                condition=~models.Q(approved=True) | ~models.Q(asked_by=models.F("answered_by")),
                name="users_devicereset_two_people",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
