"""Many rows are written as one row would be, on both stores."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from youwei.journal.stores import lay_down, rewrite, store
from youwei.organs.models import Account, HolidayNotice, Organ, ReadTrace

NOON = datetime(2026, 3, 2, 4, 30, 15, 123456, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def organ(name: str, **more: Any) -> Organ:
    return Organ(name=name, kind=Organ.Kind.REGION, level=Organ.Level.CITY, **more)


def test_rows_stored_together_are_read_back_as_they_were_written() -> None:
    rows = [organ("云川市", path="/1/"), organ("“引号”'与%s百分号", path="/2/", starts_on=date(2020, 2, 29))]
    assert store(rows) is rows
    assert len({row.pk for row in rows}) == 2
    for row in rows:
        again = Organ.objects.get(pk=row.pk)
        fields = [field.attname for field in Organ._meta.concrete_fields]
        assert [getattr(again, name) for name in fields] == [getattr(row, name) for name in fields]
        row.name += "（改）"
        row.save()  # it is known as stored: no second row
    assert sorted(Organ.objects.values_list("name", flat=True)) == sorted(row.name for row in rows)


def test_the_keys_given_are_those_the_store_goes_on_from() -> None:
    first = organ("甲", path="/1/")
    first.save()
    store([organ("乙", path="/2/"), organ("丙", path="/3/")])
    Organ.objects.filter(name="丙").delete()
    last = organ("丁", path="/4/")
    last.save()
    (after,) = store([organ("戊", path="/5/")])
    keys = [first.pk, Organ.objects.get(name="乙").pk, last.pk, after.pk]
    assert keys == sorted(set(keys)), "a key is never given twice, not even that of a row that is gone"


def test_tables_and_moments_are_read_back_as_they_were_written() -> None:
    days = [{"on": "2026-01-01", "kind": "holiday", "name": "元旦"}]
    store([HolidayNotice(year=2026, source="通知", days=days, by="方知行", at=NOON)])
    found = HolidayNotice.objects.get()
    assert (found.days, found.at) == (days, NOON)


def test_a_row_may_point_at_one_that_was_stored_after_it_was_named() -> None:
    above = organ("云川市", path="/1/")
    below = organ("青溪区", path="/1/2/", parent=above)
    store([above])
    store([below])
    assert Organ.objects.get(name="青溪区").parent_id == above.pk


def test_rows_whose_keys_nobody_asks_for_and_no_rows_at_all() -> None:
    account = Account.objects.create(username="a", name="方知行")
    traces = [
        ReadTrace(account=account, by="方知行", act="case.view", kind="case", ref=ref, at=NOON) for ref in (1, 2, 3)
    ]
    with CaptureQueriesContext(connection) as asked:
        lay_down(traces)
        lay_down([])
        assert store([]) == []
    assert len([query for query in asked if "INSERT" in query["sql"]]) == 1
    assert sorted(ReadTrace.objects.values_list("ref", flat=True)) == [1, 2, 3]


def test_columns_are_rewritten_by_either_name_of_a_key_and_an_unknown_one_is_refused() -> None:
    rows = [organ("甲", path="/1/"), organ("乙", path="/2/")]
    store(rows)
    for row in rows:
        row.name, row.parent, row.level = f"{row.name}县", rows[0], Organ.Level.COUNTY
    rewrite(rows, ("name", "parent_id"))
    rewrite([], ("name",))
    found = list(Organ.objects.order_by("pk").values_list("name", "parent", "level"))
    assert found == [("甲县", rows[0].pk, "city"), ("乙县", rows[0].pk, "city")], "only the columns named"
    with pytest.raises(KeyError):
        rewrite(rows, ("nonsense",))


def test_what_a_transaction_takes_back_was_never_stored() -> None:
    with transaction.atomic():
        store([organ("甲", path="/1/")])
        transaction.set_rollback(True)
    assert not Organ.objects.exists()
