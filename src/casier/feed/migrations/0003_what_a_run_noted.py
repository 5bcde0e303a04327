from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feed', '0002_contacts_of_classes'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='noted',
            field=models.JSONField(default=list),
        ),
    ]
