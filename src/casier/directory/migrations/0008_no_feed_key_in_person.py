from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_person_keys")]

    operations = [
        migrations.RemoveConstraint(model_name="person", name="person_feed_key_once"),
        migrations.RemoveField(model_name="person", name="feed_key"),
    ]
