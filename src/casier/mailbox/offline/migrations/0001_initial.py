import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeviceCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('copy', models.UUIDField()),
                ('key', models.BinaryField(max_length=32)),
                ('made_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(db_index=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='device_copies', to='directory.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'copy'), name='device_copy_once')],
            },
        ),
    ]
