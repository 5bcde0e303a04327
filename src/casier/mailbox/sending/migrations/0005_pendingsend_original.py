from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sending', '0004_pendingsend_signature_html'),
    ]

    operations = [
        migrations.AddField(
            model_name='pendingsend',
            name='original_id',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='pendingsend',
            name='original_mark',
            field=models.CharField(blank=True, choices=[('$answered', 'Answered'), ('$forwarded', 'Forwarded')], max_length=10),
        ),
    ]
