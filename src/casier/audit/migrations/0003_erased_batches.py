from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_search")]

    operations = [
        migrations.AddField(
            model_name="journalbatch",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
