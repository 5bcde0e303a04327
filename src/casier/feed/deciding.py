"""What a decision about a doubt frees: a key or a NUMEN no longer leads to whom it isn't."""

from __future__ import annotations

from casier.directory.models import Person, PersonKey
from casier.feed.models import ReviewItem

# Where the names that a record goes by lead to somebody else than whom it was said to be.
_CONTRADICT = frozenset({"key_reused", "numen_conflict"})


def free_names(item: ReviewItem, person: Person | None) -> dict[str, int]:
    """Let the key and the NUMEN of ITEM's record be free for PERSON, or for a newcomer; who had them before.

    Without it the next run would ask the same again, or find them taken.
    """
    if item.code not in _CONTRADICT:
        return {}
    freed: dict[str, int] = {}
    keys = PersonKey.objects.filter(
        academy=item.academy_id, key=item.identity, person__in=item.candidates
    ).exclude(person=person)
    for key in keys:
        freed["key_of"] = key.person_id
        key.delete()
    index = item.facts.get("numen_index")
    if index:
        # Nobody takes a NUMEN from a person of another academy: whoever comes then comes without.
        holders = Person.objects.filter(numen_index=index, pk__in=item.candidates, academy=item.academy_id)
        for holder in holders.exclude(pk__in=[person.pk] if person else []):
            freed["numen_of"] = holder.pk
            Person.objects.filter(pk=holder.pk).update(numen_index=None, numen_sealed=None)
    return freed
