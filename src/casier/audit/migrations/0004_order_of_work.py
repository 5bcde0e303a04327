from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_erased_batches")]

    operations = [
        migrations.AddField(
            model_name="outboxevent", name="rank", field=models.IntegerField(db_default=0, default=0)
        ),
    ]
