"""What an academy's policy says, typed. Every row of the policy table has its field here.

Values are data (TOML, JSON) checked on the way in; no code branches on an academy's name.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

Days = Annotated[int, Meta(ge=0, le=3650)]
Minutes = Annotated[int, Meta(ge=1, le=1440)]
Bytes = Annotated[int, Meta(ge=1_000_000)]

SignInName = Literal["numen", "arrival_code", "local_name", "address"]
ActivationMethod = Literal["arrival_code", "numen_birth_date", "numen", "temporary_password"]
FactorMethod = Literal["totp", "webauthn", "sms", "voice", "recovery_codes"]
FactorContext = Literal["role", "outside_network", "sensitive_service", "unusual"]
UnusualSign = Literal["new_device", "country", "travel", "hour", "failures"]
RecoveryMethod = Literal[
    "service_desk", "backup_link", "temporary_code", "letter", "secret_questions", "ticket"
]


class Section(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of a policy: frozen, and a misspelt name is an error."""


class SignIn(Section, frozen=True):
    """Which names a person may type."""

    names: tuple[SignInName, ...] = ("local_name", "address")
    # Once the account is active, the NUMEN opens nothing any more (first sign-in only).
    numen_first_only: bool = False
    # Whether a passkey opens the account by itself: it is two factors in one (possession, and PIN or finger).
    passkeys: bool = True


class Activation(Section, frozen=True):
    """How an invited person opens the account."""

    method: ActivationMethod = "temporary_password"
    attempts: Annotated[int, Meta(ge=1, le=20)] = 5
    valid_days: Days = 30
    confirm_details: bool = True
    record_recovery: bool = True
    # The newcomer's memo, shown at the end.
    memo: bool = True


class SecondFactor(Section, frozen=True):
    """Whether and when a second factor is asked."""

    requirement: Literal["off", "advised", "offered", "contextual", "required"] = "offered"
    methods: tuple[FactorMethod, ...] = ("totp", "webauthn", "sms", "recovery_codes")
    contexts: tuple[FactorContext, ...] = ()
    # Groups of the directory (their short names) of whose members it is required, whatever stands above.
    groups: tuple[Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,50}$")], ...] = ()
    # Days after activation by which a factor must be enrolled; 0: no deadline.
    enrolment_days: Days = 0
    # Days after that deadline in which one still gets in, and is asked each time.
    grace_days: Annotated[int, Meta(ge=0, le=90)] = 0
    # How long a device that passed may be trusted; 0: asked each time.
    trusted_days: Annotated[int, Meta(ge=0, le=90)] = 30
    # How long a proof counts as fresh for what is sensitive.
    step_up_minutes: Annotated[int, Meta(ge=1, le=60)] = 10


class Lock(Section, frozen=True):
    """What wrong passwords do."""

    attempts: Annotated[int, Meta(ge=3, le=20)] = 5
    # `lane`: a known device keeps its own tries. `account`: strict, the first wrong ones lock everyone out.
    scope: Literal["lane", "account"] = "lane"
    # Minutes until it opens by itself; 0: only a verified reset does.
    minutes: Annotated[int, Meta(ge=0, le=1440)] = 15
    # Wrong second factors after a right password: counted apart, whatever the device.
    factor_attempts: Annotated[int, Meta(ge=3, le=20)] = 5
    # What an unusual sign-in does: nothing, a notice, or the account is suspended at once.
    on_unusual: Literal["ignore", "notify", "lock"] = "notify"


class Unusual(Section, frozen=True):
    """What makes a sign-in unusual."""

    signs: tuple[UnusualSign, ...] = ("new_device", "country", "travel", "failures")
    # Which of them, alone, are enough for `lock.on_unusual = "lock"`; the others only give notice.
    grave: tuple[UnusualSign, ...] = ("country", "travel")
    # Countries (ISO 3166) from which people usually come.
    countries: tuple[str, ...] = ("FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC")
    # Faster than this between two sign-ins is no journey.
    kilometres_an_hour: Annotated[int, Meta(ge=100, le=2000)] = 900
    # The hours of the night, local time.
    night_from: Annotated[int, Meta(ge=0, le=23)] = 0
    night_until: Annotated[int, Meta(ge=0, le=23)] = 5
    # How many failures just before make a success unusual.
    failures: Annotated[int, Meta(ge=3, le=100)] = 5


class Sessions(Section, frozen=True):
    """How long a browser stays signed in."""

    idle_minutes: Minutes = 30
    warning_seconds: Annotated[int, Meta(ge=20, le=600)] = 120
    absolute_hours: Annotated[int, Meta(ge=1, le=24)] = 12
    shared_computer_idle_minutes: Minutes = 10
    one_device: Literal["off", "replace", "refuse", "suspend"] = "off"
    suspend_minutes: Annotated[int, Meta(ge=0, le=120)] = 0


class Password(Section, frozen=True):
    """What a password must be. The list of known and leaked words applies always."""

    min_length: Annotated[int, Meta(ge=8, le=64)] = 12
    admin_min_length: Annotated[int, Meta(ge=12, le=64)] = 16
    # Kinds of characters wanted (letters, digits, symbols); none from `long_enough` on.
    classes: Annotated[int, Meta(ge=0, le=3)] = 0
    long_enough: Annotated[int, Meta(ge=12, le=128)] = 20
    expires_days: Days = 0
    admin_expires_days: Days = 365
    notice_days: tuple[int, ...] = (15, 7, 1)
    history: Annotated[int, Meta(ge=0, le=24)] = 0
    # The least that guessing must cost, zxcvbn's scale of 0 to 4.
    least_score: Annotated[int, Meta(ge=0, le=4)] = 3
    # How long a temporary password, delivered apart, opens the way to one's own.
    temporary_days: Annotated[int, Meta(ge=1, le=60)] = 15


class Recovery(Section, frozen=True):
    """How someone gets back in."""

    methods: tuple[RecoveryMethod, ...] = ("service_desk",)
    link_hours: Annotated[int, Meta(ge=1, le=24)] = 24
    code_minutes: Annotated[int, Meta(ge=1, le=1440)] = 10
    letter_days: Annotated[int, Meta(ge=1, le=21)] = 21
    # A reset by the help desk needs a second person.
    four_eyes: bool = False
    # What becomes of application passwords when someone recovers the account: mail isn't cut, or it is.
    app_passwords: Literal["keep", "end"] = "keep"
    # Backup addresses and telephones are confirmed again this often; 0: never.
    check_days: Days = 182


class AppPasswords(Section, frozen=True):
    """Passwords of mail and calendar programs."""

    allowed: bool = True
    # A program that was never seen waits until its owner says that it is theirs.
    approval: Literal["none", "new_client"] = "none"
    # Without use for this long they end; 0: never.
    idle_days: Days = 0
    most: Annotated[int, Meta(ge=1, le=100)] = 30


class Mail(Section, frozen=True):
    """Sizes and delays of the mailbox."""

    attachment_bytes: Bytes = 25_000_000
    quota_bytes: Bytes = 5_000_000_000
    functional_quota_bytes: Bytes = 10_000_000_000
    undo_seconds: Annotated[int, Meta(ge=0, le=60)] = 10
    restore_days: Days = 30
    # How long what was opened can be read on a device without a network; 0: nothing is kept on devices.
    offline_days: Annotated[int, Meta(ge=0, le=90)] = 30


class Links(Section, frozen=True):
    """Files that are sent by a secured link instead of being attached."""

    # One file, and all that one person has at a time.
    largest_bytes: Bytes = 2_000_000_000
    quota_bytes: Bytes = 20_000_000_000
    default_days: Annotated[int, Meta(ge=1, le=365)] = 15
    longest_days: Annotated[int, Meta(ge=1, le=365)] = 60
    # Whether a file may be sent to addresses that aren't the platform's own.
    outsiders: bool = True
    outsider_password: bool = False
    # What the scanner can't take as a whole is looked at in slices: given with a warning, or not at all.
    partly_checked: Literal["warn", "refuse"] = "warn"


class Transfer(Section, frozen=True):
    """What people take out of their mailbox as a file, and bring in."""

    # How long an export can be fetched.
    export_days: Annotated[int, Meta(ge=1, le=60)] = 7
    export_bytes: Bytes = 50_000_000_000
    import_bytes: Bytes = 10_000_000_000


class Rules(Section, frozen=True):
    """What the rules of a mailbox may do by themselves."""

    # Where they may send mail on to: nowhere, within the academy, also to addresses that the person has
    # proved to be their own, or anywhere.
    redirect: Literal["none", "academy", "verified", "anywhere"] = "verified"
    # To how many different addresses in a day.
    redirect_addresses: Annotated[int, Meta(ge=1, le=100)] = 5


class Writing(Section, frozen=True):
    """What people write."""

    # The institution's signature below each message: not at all, by choice, or always.
    signature: Literal["off", "offered", "imposed"] = "offered"
    # Before a message leaves the academy: only shown, asked for new correspondents, or asked each time.
    outside: Literal["show", "first", "always"] = "first"


class Delegation(Section, frozen=True):
    """Opening one's mailbox to a colleague."""

    # The most that a person may give; a right beyond it that was given before holds no more.
    most: Literal["off", "read", "organise", "behalf", "as"] = "behalf"
    longest_days: Annotated[int, Meta(ge=1, le=3650)] = 365


class Accessibility(Section, frozen=True):
    """What the academy adds to the declaration of accessibility, which the law asks of it."""

    # Who answers about it: an address or a page; without it, the help desk.
    contact: Annotated[str, Meta(max_length=300)] = ""
    # When the academy published its declaration, and where its plan of several years is.
    declared: date | None = None
    plan: Annotated[str, Meta(max_length=300)] = ""


class Notifications(Section, frozen=True):
    """How people are told of new mail."""

    # Devices whose page is closed, by the push services of browsers: nothing of a message goes there.
    push: Literal["off", "offered"] = "offered"


class Rights(Section, frozen=True):
    """Who holds an office, and who looks after that."""

    # The longest for which an office may be lent to a colleague; 0: never.
    lend_days: Annotated[int, Meta(ge=0, le=366)] = 92
    # Every so many months, those in charge say who still holds what; 0: never.
    review_months: Annotated[int, Meta(ge=0, le=60)] = 12
    # How long they have, and how many days before the end they are reminded.
    review_days: Annotated[int, Meta(ge=7, le=180)] = 30
    remind_days: tuple[int, ...] = (10, 3)
    # Who has one of these functions in a school (codes of the feed) is its head, for as long.
    head_functions: tuple[Annotated[str, Meta(pattern=r"^[A-Z0-9-]{1,10}$")], ...] = ("DIR",)
    # An office and a group of the directory whose members hold it in the whole academy: help_desk:siasi.
    office_groups: tuple[Annotated[str, Meta(pattern=r"^(help_desk|list_owner):[a-z0-9-]{1,50}$")], ...] = ()
    # What nobody confirmed: the DSI is told, or it is taken back.
    unconfirmed: Literal["tell", "withdraw"] = "tell"


class Many(Section, frozen=True):
    """Acts on many people at once: from how many on more than a click is asked."""

    # From so many people on, their number has to be typed.
    typed_from: Annotated[int, Meta(ge=1, le=500)] = 25
    # From so many on, a second person agrees to suspending them; 0: never. It is undone within a minute.
    suspend_second_from: Annotated[int, Meta(ge=0, le=10_000)] = 500
    # The same for what closes accounts. No 0 here, and never more than a thousand: a stolen session or a
    # wrong filter may close the largest of schools, which comes back one by one, but no department. An
    # academy whose own officers could lift that would have it lifted by the session that was stolen.
    close_second_from: Annotated[int, Meta(ge=1, le=1000)] = 500


class Schools(Section, frozen=True):
    """What the head of a school does by themselves."""

    # How many days ahead they may say that somebody leaves; 0: only today.
    depart_days: Annotated[int, Meta(ge=0, le=366)] = 92
    # Whether they may ask for mailboxes for their school, how many it has at most, and what the addresses
    # are made of: {name} is what they ask for, {uai} the school's.
    ask_mailboxes: bool = True
    most_mailboxes: Annotated[int, Meta(ge=1, le=200)] = 10
    mailbox_address: Annotated[str, Meta(max_length=60)] = "{name}.{uai}"
    # Whether people of other schools may be named as members: not at all, once the DSI agrees, or at once.
    members_elsewhere: Literal["never", "approved", "freely"] = "approved"
    # Whether people may ask to be let into a mailbox of their school.
    ask_to_join: bool = True
    # The feed may lag so many days behind a head who said that somebody left; then somebody has to decide.
    feed_lag_days: Annotated[int, Meta(ge=1, le=180)] = 15
    # How many arrival sheets they may print anew within a day, for people who haven't opened their account;
    # 0: the help desk alone does.
    sheets_a_day: Annotated[int, Meta(ge=0, le=200)] = 0


class Feed(Section, frozen=True):
    """What the academy's feed may do by itself."""

    # A run that would put out more people, or a greater share of those whom the feed drives, stops and asks.
    most_leaving: Annotated[int, Meta(ge=1, le=100_000)] = 500
    leaving_percent: Annotated[int, Meta(ge=1, le=100)] = 5
    # Pupils and those responsible for them, as contacts of their class for those who teach or run it.
    contacts: Literal["off", "pupils", "parents", "class"] = "off"
    # Whether a school that the feed brings gets its mailbox, ce.<uai>@.
    school_mailboxes: bool = False


class Contributors(Section, frozen=True):
    """Outside and occasional contributors: asked for by a head, agreed to by the DSI, for a time."""

    allowed: bool = True
    # The last day lies no further than this from the first, or from the day of a renewal.
    longest_days: Annotated[int, Meta(ge=1, le=1100)] = 365
    # How often the head may renew by themselves before the DSI is asked again.
    renewals: Annotated[int, Meta(ge=0, le=12)] = 1
    # How many a school may have at a time, and how many requests a head may make within a day.
    most_per_school: Annotated[int, Meta(ge=1, le=1000)] = 30
    requests_a_day: Annotated[int, Meta(ge=1, le=500)] = 20
    # Days before the end on which the head and the contributor are told.
    warning_days: tuple[int, ...] = (30, 7)
    # Whether a request must give the birth date, by which one is told from another of the same name.
    birth_date: bool = True
    # How they get their way in: by the personal address or telephone that the request gives, or on paper.
    way_in: Literal["message", "sheet"] = "message"
    # The room of their mailbox; 0: as everyone's.
    quota_bytes: Annotated[int, Meta(ge=0)] = 1_000_000_000


class Leaving(Section, frozen=True):
    """What happens when someone goes."""

    grace_days_min: Days = 15
    grace_days_max: Days = 30
    occasional_at_once: bool = False
    absence_message: bool = True
    then: Literal["closed", "redirected", "deleted"] = "closed"
    # Days before the account closes on which the person is reminded.
    notice_days: tuple[int, ...] = (7, 1)
    # How long what a closed account held is kept: until then it can be opened again as it was.
    purge_days: Days = 180
    # How long before that the person is told by their backup means; 0: not at all.
    purge_notice_days: Annotated[int, Meta(ge=0, le=90)] = 15
    # An address isn't given to anyone else within this time.
    address_reserved_days: Annotated[int, Meta(ge=365, le=36500)] = 1825


class IdleAccount(Section, frozen=True):
    """What happens to an account that nobody uses."""

    deactivate_days: Days = 0  # 0: never
    notice_days: tuple[int, ...] = (30, 7)
    reopen_by_self_service: bool = False


class Retention(Section, frozen=True):
    """How long what is noted of people is kept, between what makes it useful and what the law allows."""

    # Who came, from where, with what, and what the help desk did. The CNIL asks for six months to a year
    # (resolution 2021-122): less finds no intrusion that was slow, more is only for what nobody here does.
    logs_days: Annotated[int, Meta(ge=180, le=365)] = 365
    # Who could do what, and who decided: a year at least, so that a school year can be looked back on; three
    # at most, which is what the same resolution allows for internal control.
    control_days: Annotated[int, Meta(ge=365, le=1095)] = 1095
    # What was asked and answered: a term at least, for who comes back to it; two years at most, for nothing
    # that was asked is of use beyond the school year that follows.
    requests_days: Annotated[int, Meta(ge=90, le=730)] = 365
    # The lines of directory imports: a month at least, for mistakes show up late; a year at most, because
    # they tell of everybody, also of who was never taken in.
    feed_days: Annotated[int, Meta(ge=30, le=365)] = 180
    # Holds that are over: a month at least, for who asks why an account stayed; a year at most, because a
    # hold may tell of an illness.
    holds_days: Annotated[int, Meta(ge=30, le=365)] = 365


class Policy(Section, frozen=True):
    """Everything that an academy decides about its accounts."""

    sign_in: SignIn = field(default_factory=SignIn)
    activation: Activation = field(default_factory=Activation)
    second_factor: SecondFactor = field(default_factory=SecondFactor)
    lock: Lock = field(default_factory=Lock)
    unusual: Unusual = field(default_factory=Unusual)
    sessions: Sessions = field(default_factory=Sessions)
    password: Password = field(default_factory=Password)
    recovery: Recovery = field(default_factory=Recovery)
    app_passwords: AppPasswords = field(default_factory=AppPasswords)
    mail: Mail = field(default_factory=Mail)
    links: Links = field(default_factory=Links)
    transfer: Transfer = field(default_factory=Transfer)
    rules: Rules = field(default_factory=Rules)
    writing: Writing = field(default_factory=Writing)
    notifications: Notifications = field(default_factory=Notifications)
    delegation: Delegation = field(default_factory=Delegation)
    accessibility: Accessibility = field(default_factory=Accessibility)
    rights: Rights = field(default_factory=Rights)
    many: Many = field(default_factory=Many)
    schools: Schools = field(default_factory=Schools)
    feed: Feed = field(default_factory=Feed)
    contributors: Contributors = field(default_factory=Contributors)
    leaving: Leaving = field(default_factory=Leaving)
    idle_account: IdleAccount = field(default_factory=IdleAccount)
    retention: Retention = field(default_factory=Retention)
    # Networks (CIDR) of the academy itself, for what depends on where someone is.
    own_networks: tuple[str, ...] = ()
    # Networks from which accounts may be used at all; none: from anywhere.
    allowed_networks: tuple[str, ...] = ()
