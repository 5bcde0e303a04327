import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_initial'),
        ('writing', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='template', name='template_of_one'),
        migrations.AddField(
            model_name='template',
            name='mailbox',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='templates', to='directory.functionalmailbox'),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(('academy__isnull', False), ('account__isnull', True), ('mailbox__isnull', True)),
                    models.Q(('academy__isnull', True), ('account__isnull', False), ('mailbox__isnull', True)),
                    models.Q(('academy__isnull', True), ('account__isnull', True), ('mailbox__isnull', False)),
                    _connector='OR',
                ),
                name='template_of_one',
            ),
        ),
        migrations.AddConstraint(
            model_name='template',
            constraint=models.UniqueConstraint(fields=('mailbox', 'name'), name='template_name_of_mailbox'),
        ),
    ]
