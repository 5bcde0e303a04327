from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_first")]

    operations = [
        migrations.AddField(
            model_name="personexport",
            name="fault",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
    ]
