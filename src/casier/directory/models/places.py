"""Academies and where they are: domains, hosts, stores, schools and their networks."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Academy(models.Model):
    """A tenant. `rp_id` and `issuer` are fixed here, never read from a request's Host header."""

    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=120)
    accent = models.CharField(max_length=7)
    rp_id = models.CharField(max_length=253)
    issuer = models.URLField(max_length=300)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class MailDomain(models.Model):
    """A mail domain of an academy: one primary, the others aliases that keep arriving."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="domains")
    name = models.CharField(max_length=253, unique=True)
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["academy"], condition=Q(is_primary=True), name="one_primary_domain"
            )
        ]

    def __str__(self) -> str:
        return self.name


class WebHost(models.Model):
    """A host name of an academy's portal. Old ones stay: links shared long ago keep working."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="hosts")
    host = models.CharField(max_length=253, unique=True)
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["academy"], condition=Q(is_primary=True), name="one_primary_host")
        ]

    def __str__(self) -> str:
        return self.host


class Store(models.Model):
    """A Cyrus that holds mailboxes."""

    name = models.CharField(max_length=50, unique=True)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_store"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Network(models.Model):
    """Schools that work together: a district, a priority network, a basin of training."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="networks")
    slug = models.SlugField(max_length=50)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=50, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["academy", "slug"], name="network_once")]

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school or service, known by its UAI. Its people live on its store when it has one."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="schools")
    uai = models.CharField(max_length=8, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=50, blank=True)
    city = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    # The department's number: 76, 2A, 974. From the feed, else from the postal code.
    department = models.CharField(max_length=3, blank=True)
    networks = models.ManyToManyField(Network, blank=True, related_name="schools")
    feed_key = models.CharField(max_length=50, blank=True)
    store = models.ForeignKey(Store, null=True, blank=True, on_delete=models.PROTECT, related_name="schools")
    is_open = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["academy", "department"])]
        constraints = [
            models.UniqueConstraint(
                fields=["academy", "feed_key"], condition=~Q(feed_key=""), name="school_feed_key_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.uai})"
