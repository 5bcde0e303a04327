"""The feed's keys move to a table of their own; schools get the department that their postal code says."""

from django.db import migrations

from casier.kernel.places import department_of


def copy_keys(apps, schema_editor):
    person, key = apps.get_model("directory", "Person"), apps.get_model("directory", "PersonKey")
    rows = person.objects.exclude(feed_key="").values_list("pk", "academy_id", "feed_key").iterator(2000)
    batch = []
    for pk, academy, feed_key in rows:
        batch.append(key(person_id=pk, academy_id=academy, key=feed_key))
        if len(batch) == 2000:
            key.objects.bulk_create(batch)
            batch = []
    key.objects.bulk_create(batch)


def fill_departments(apps, schema_editor):
    school = apps.get_model("directory", "School")
    schools = [row for row in school.objects.filter(department="") if row.postal_code]
    for row in schools:
        row.department = department_of(row.postal_code)
    school.objects.bulk_update(schools, ["department"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_people")]

    operations = [
        migrations.RunPython(copy_keys, migrations.RunPython.noop),
        migrations.RunPython(fill_departments, migrations.RunPython.noop),
    ]
