from django.db import migrations
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone


def by_their_posting(apps, _editor):
    """Who is a member of a mailbox of the school where they work today is one for as long as they work there."""
    Membership = apps.get_model("directory", "Membership")
    Posting = apps.get_model("directory", "Posting")
    here = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()),
        person=OuterRef("account__person"),
        school=OuterRef("mailbox__school"),
    )
    rows = Membership.objects.filter(Exists(here), mailbox__school__isnull=False)
    Membership.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(by_posting=True)


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0013_members_by_posting'),
    ]

    operations = [
        migrations.RunPython(by_their_posting, migrations.RunPython.noop),
    ]
