
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directory', '0002_delegation'),
    ]

    operations = [
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('mailbox_key', models.CharField(max_length=254)),
                ('folders', models.JSONField(default=list)),
                ('mail', models.BooleanField(default=True)),
                ('contacts', models.BooleanField(default=False)),
                ('agendas', models.BooleanField(default=False)),
                ('mbox', models.BooleanField(default=False)),
                ('letter', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('working', 'Working'), ('ready', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('expired', 'Expired')], default='waiting', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('reference', models.CharField(blank=True, max_length=20)),
                ('done', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('octets', models.BigIntegerField(default=0)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('touched_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to='directory.account')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'created_at'], name='exports_of_account'), models.Index(fields=['state', 'created_at'], name='exports_by_state')],
            },
        ),
        migrations.CreateModel(
            name='Import',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('mailbox_key', models.CharField(max_length=254)),
                ('name', models.CharField(max_length=200)),
                ('size', models.BigIntegerField()),
                ('state', models.CharField(choices=[('coming', 'Coming'), ('looking', 'Looking'), ('looked', 'Looked'), ('waiting', 'Waiting'), ('working', 'Working'), ('done', 'Done'), ('undoing', 'Undoing'), ('undone', 'Undone'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='coming', max_length=10)),
                ('folder', models.CharField(blank=True, max_length=500)),
                ('doubles', models.BooleanField(default=False)),
                ('found', models.JSONField(default=dict)),
                ('report', models.JSONField(default=dict)),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('reference', models.CharField(blank=True, max_length=20)),
                ('done', models.PositiveIntegerField(default=0)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('touched_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='directory.account')),
            ],
            options={
                'indexes': [models.Index(fields=['account', 'created_at'], name='imports_of_account'), models.Index(fields=['state', 'touched_at'], name='imports_by_state')],
            },
        ),
    ]
