"""A correction of moto's Route 53.

moto refuses to create a record set that it once had, though it was deleted since (or is deleted in the same batch by its
exact values): it looks whether the creation is in its journal of changes, not whether the record set is in the zone.
Route 53 looks at the zone.
"""

from moto.route53.models import ChangeList


def _is_there(journal, change):
    wanted = {**change["ResourceRecordSet"], "Name": change["ResourceRecordSet"]["Name"].strip(".")}
    for earlier in reversed(journal):
        if earlier["ResourceRecordSet"] == wanted:
            return earlier["Action"] != "DELETE"
    return False


def correct():
    ChangeList.__contains__ = _is_there
