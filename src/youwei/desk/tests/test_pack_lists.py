"""The page of a procedure shows its lists whole, with where each entry comes from or that the procedure itself says so (F3)."""

import pytest
from django.urls import reverse

from youwei.desk.tests.factories import City, holder, signed_in
from youwei.organs.models import Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("F3")]


def test_the_lists_of_tolerance_are_read_on_its_page(place: City) -> None:
    client = signed_in(holder(Role.CASE_OFFICER, place.commission))
    lists = dict(client.get(reverse("pack", args=["tolerance", "2023.06"])).context["lists"])
    assert list(lists) == ["符合的方面", "三个区分开来，属于前者的", "正面清单情形", "负面清单情形", "免责清单情形"]
    assert "搞劳民伤财的政绩工程、形象工程（荆州2017年3月）" in lists["负面清单情形"]
    assert "政策界限不明时经集体研究作出的处置（本规程拟定）" in lists["免责清单情形"]
    page = client.get(reverse("pack", args=["tolerance", "2023.06"])).content.decode()
    assert "清单：负面清单情形" in page
    assert "步骤名称和期限未见公布，由本规程拟定" in page
