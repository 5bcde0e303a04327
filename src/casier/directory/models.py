"""Academies, schools, people, postings, accounts, addresses: the truth about who exists and what is theirs.

Fields, constraints and query sets only. Changes are made by `actions.py`; nothing happens on `save()`.
"""

from __future__ import annotations

import uuid

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


class Person(models.Model):
    """A member of staff. The NUMEN lies encrypted, beside a keyed index that finds it again."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="people")
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    birth_name = models.CharField(max_length=100, blank=True)  # where it is another one
    title = models.CharField(max_length=20, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    numen_sealed = models.BinaryField(null=True, blank=True)
    numen_index = models.CharField(max_length=64, null=True, blank=True, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["academy", "family_name", "given_name"])]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class PersonKey(models.Model):
    """The name by which an academy's feed knows a person. Who works in two academies has two."""

    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="person_keys")
    key = models.CharField(max_length=50)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="keys")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["academy", "key"], name="person_key_once")]

    def __str__(self) -> str:
        return self.key


class PostingSource(models.TextChoices):
    """Who says that a posting is there: only they end it."""

    HAND = "hand"
    FEED = "feed"
    SPONSOR = "sponsor"  # an outside contributor's


class Posting(models.Model):
    """A person's function in a school (AAF codes: ENS, DIR, DOC, EDU, ADF…), from a day to a day.

    ENDS_ON is the last day on which it holds.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="postings")
    school = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="postings"
    )
    function = models.CharField(max_length=10)
    label = models.CharField(max_length=150, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=PostingSource, default=PostingSource.HAND)

    class Meta:
        indexes = [models.Index(fields=["school", "function"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=models.F("starts_on")),
                name="posting_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.function} {self.school_id or '–'}"


class PostingKind(models.TextChoices):
    """What more is known of a posting."""

    SUBJECT = "subject"  # what is taught: "mathématiques"
    CLASS = "class"  # to whom: "3A"
    PRINCIPAL = "principal"  # whose principal teacher one is: "3A"


class PostingDetail(models.Model):
    """One fact more about a posting, of which there may be several. VALUE is as the feed writes it."""

    posting = models.ForeignKey(Posting, on_delete=models.CASCADE, related_name="details")
    kind = models.CharField(max_length=10, choices=PostingKind)
    value = models.CharField(max_length=100)

    class Meta:
        indexes = [models.Index(fields=["kind", "value"])]
        constraints = [
            models.UniqueConstraint(fields=["posting", "kind", "value"], name="posting_detail_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class AccountState(models.TextChoices):
    """The life of an account. Mail is received in every state but the last two."""

    INVITED = "invited"  # made, nobody has signed in yet
    ACTIVE = "active"
    SUSPENDED = "suspended"  # out everywhere, until someone lifts it
    LEAVING = "leaving"  # still in, until a day that is known
    CLOSED = "closed"  # out; what was theirs is still there
    PURGED = "purged"  # nothing is left but the row


class UsedMailboxKey(models.Model):
    """Every mailbox key ever given. One given twice would open the mail of someone else."""

    key = models.CharField(max_length=200, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Account(models.Model):
    """A person's way in. `id` (hex) is what the rest of the platform knows; it is never given again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="accounts")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    mailbox_key = models.CharField(max_length=200, unique=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="accounts")
    state = models.CharField(max_length=10, choices=AccountState, default=AccountState.INVITED)
    # What a suspension covers, or that it was suspended when it was closed.
    state_before = models.CharField(max_length=10, choices=AccountState, blank=True)
    # What it was before it began to leave, or was closed: to be that again.
    state_was = models.CharField(max_length=10, choices=AccountState, blank=True)
    quota_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    provisioned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["academy", "state"])]

    def __str__(self) -> str:
        return self.mailbox_key

    @property
    def public_id(self) -> str:
        """The id as it is published: 32 hexadecimal digits."""
        return self.id.hex


class FindLine(models.Model):
    """By what an account is found: names, addresses, schools, without accents (`finding.py`). A cache."""

    account = models.OneToOneField(
        Account, primary_key=True, on_delete=models.CASCADE, related_name="find_line"
    )
    text = models.TextField()
    name = models.CharField(max_length=210)  # family name, given name: the order of lists
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class FunctionalMailbox(models.Model):
    """A mailbox of a school (`ce.<uai>@`) or a service, opened by named people; it has no password."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="functional_mailboxes")
    school = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="mailboxes"
    )
    name = models.CharField(max_length=200)
    mailbox_key = models.CharField(max_length=200, unique=True)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="functional_mailboxes")
    is_closed = models.BooleanField(default=False)
    quota_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    provisioned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "functional mailboxes"

    def __str__(self) -> str:
        return self.name


class Office(models.TextChoices):
    """What someone is charged with beyond their own mailbox."""

    DSI = "dsi"
    HELP_DESK = "help_desk"
    SECURITY = "security"  # the security officer
    HEAD = "head"  # of a school or a service
    DPO = "dpo"
    LIST_OWNER = "list_owner"  # of the lists made of groups
    # The DSI of the platform: academies and policies, nobody's account. Given at the command line alone.
    PLATFORM = "platform"


class Mandate(models.Model):
    """An office that someone holds: where, from when, until when, why.

    Where: one school, one department or one network of the academy; none of them: the whole academy.
    SHARED_FROM is the mandate whose holder lent it, and with which it ends. BY_FUNCTION is the function in
    the school that brings the office, and without which it isn't in force; BY_GROUP, the group whose members
    have it. WITHDRAWN: somebody took it back all the same, and it doesn't come again by itself.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="mandates")
    office = models.CharField(max_length=20, choices=Office)
    academy = models.ForeignKey(Academy, on_delete=models.PROTECT, related_name="mandates")
    school = models.ForeignKey(
        School, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    department = models.CharField(max_length=3, blank=True)
    network = models.ForeignKey(
        Network, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    shared_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="shares"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    by_function = models.CharField(max_length=10, blank=True)
    by_group = models.CharField(max_length=50, blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["account", "ended_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(school=None, department="")
                | Q(school=None, network=None)
                | Q(department="", network=None),
                name="mandate_has_one_perimeter",
            ),
            models.CheckConstraint(
                condition=Q(by_function="") | Q(school__isnull=False),
                name="office_of_a_function_is_of_its_school",
            ),
            # What is lent comes back by itself.
            models.CheckConstraint(
                condition=Q(shared_from=None) | Q(ends_at__isnull=False), name="what_is_lent_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.office} {self.school_id or self.academy_id}"

    @property
    def comes_with(self) -> str:
        """The function or the group that brings it; "" where somebody gave it."""
        return self.by_function or self.by_group


class Role(models.TextChoices):
    """What a member may do in a functional mailbox."""

    READ = "read"
    ANSWER = "answer"  # also write, file and send as it
    MANAGE = "manage"  # also name the members


class Membership(models.Model):
    """A person's part in a functional mailbox."""

    mailbox = models.ForeignKey(FunctionalMailbox, on_delete=models.PROTECT, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateTimeField()
    # Named while working at the mailbox's school: the part ends with the last posting there.
    by_posting = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mailbox", "account"], name="member_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role} {self.mailbox_id}"


class EndedMembership(models.Model):
    """A part in a functional mailbox that ended with a posting: what comes back if that is taken back."""

    mailbox = models.ForeignKey(FunctionalMailbox, on_delete=models.PROTECT, related_name="ended_memberships")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="ended_memberships")
    role = models.CharField(max_length=10, choices=Role)
    since = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "ended_at"])]

    def __str__(self) -> str:
        return f"{self.account_id} was {self.role} {self.mailbox_id}"


class DelegateRight(models.TextChoices):
    """What a delegate may do in someone's mailbox; each right holds those before it."""

    READ = "read"
    ORGANISE = "organise"  # also file, mark, delete
    BEHALF = "behalf"  # also write, with their own name as the sender
    SEND_AS = "as"  # also write as if the owner did


class Delegation(models.Model):
    """A person's mailbox opened to a colleague, from a moment to a moment.

    FOLDERS are ids of the store (none: the whole mailbox), which outlive a folder's name. It is in force from
    `starts_at` until `ends_at`, or until `ended_at` where someone ended it before; `told` is what both were
    told last.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations_held")
    right = models.CharField(max_length=10, choices=DelegateRight)
    folders = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    told = models.CharField(max_length=10, blank=True)
    # The owner has gone, and somebody in charge decided who reads what they left.
    handed = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["delegate", "ends_at"]), models.Index(fields=["owner", "ends_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "delegate"], condition=Q(ended_at__isnull=True), name="delegation_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="delegation_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(owner=models.F("delegate")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.delegate_id} {self.right} {self.owner_id}"


class EndedAs(models.TextChoices):
    """What an address was when its account was closed."""

    PRIMARY = "primary"
    ALIAS = "alias"


class Address(models.Model):
    """A mail address. Retired ones stay, so that nobody receives the mail of someone who left."""

    address = models.CharField(max_length=254, unique=True)
    domain = models.ForeignKey(MailDomain, on_delete=models.PROTECT, related_name="addresses")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="addresses"
    )
    mailbox = models.ForeignKey(
        FunctionalMailbox, null=True, blank=True, on_delete=models.PROTECT, related_name="addresses"
    )
    is_primary = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    reserved_until = models.DateTimeField(null=True, blank=True)
    # What it was when its account was closed: what comes back when the account does.
    ended_as = models.CharField(max_length=10, choices=EndedAs, blank=True)
    # Where mail for an address that ended goes on to, where somebody decided so.
    leads_to = models.CharField(max_length=254, blank=True)

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=True, mailbox__isnull=False)
                | Q(account__isnull=False, mailbox__isnull=True),
                name="address_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | Q(is_primary=False),
                name="retired_address_is_not_primary",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(is_primary=True), name="one_primary_address_of_account"
            ),
            models.UniqueConstraint(
                fields=["mailbox"], condition=Q(is_primary=True), name="one_primary_address_of_mailbox"
            ),
        ]

    def __str__(self) -> str:
        return self.address
