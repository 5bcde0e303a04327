from django.db import migrations, models

from casier.audit.migrating import AddIndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("audit", "0004_order_of_work")]

    operations = [
        AddIndexBeside(
            model_name="outboxevent",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["rank", "id"], name="outbox_in_order"
            ),
        ),
        AddIndexBeside(
            model_name="outboxevent",
            index=models.Index(
                condition=models.Q(("claimed_until__isnull", False), ("done_at__isnull", True)),
                fields=["claimed_until"],
                name="outbox_held",
            ),
        ),
    ]
