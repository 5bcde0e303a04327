from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sending', '0003_pendingsend_scheduled_pendingsend_signature'),
    ]

    operations = [
        migrations.AddField(
            model_name='pendingsend',
            name='signature_html',
            field=models.TextField(blank=True),
        ),
    ]
