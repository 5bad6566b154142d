"""A backup from the page: made and checked in the background, the same as the command's; who else there is finds nothing."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from youwei.desk.safekeeping import jobs, shelf
from youwei.desk.safekeeping.backup import backup
from youwei.desk.tests.factories import EARLIER, City, decide, holder, open_case, person, signed_in
from youwei.journal.actors import SHELL
from youwei.journal.queries import digest
from youwei.organs.commands import create_account, grant
from youwei.organs.models import Grant, ReadTrace, Role

pytestmark = [pytest.mark.django_db, pytest.mark.req("J5")]


@pytest.fixture
def disk(tmp_path: Path, settings: Any) -> Path:
    settings.BACKUPS = tmp_path / "disk"
    return tmp_path / "disk"


@pytest.fixture
def admin(place: City) -> Client:
    account = create_account(username="system", name="沈至行")
    grant(account=account, role=Role.SYSTEM_ADMIN, organ=place.city, by=SHELL, on=date(2020, 1, 1), at=EARLIER)
    return signed_in(account)


@pytest.fixture
def filled(place: City) -> None:
    open_case(decide(person(place.unit), place.commission, "党内严重警告"))


def page(client: Client) -> str:
    return client.get(reverse("backups")).content.decode()


def test_a_backup_from_the_page_is_the_commands_own_and_is_checked_at_once(
    filled: None, disk: Path, admin: Client, tmp_path: Path
) -> None:
    assert "还没有备份" in page(admin)
    assert admin.post(reverse("backups")).status_code == 302
    (made,) = shelf.listed()
    assert (made.name, made.by, made.state, made.digest, made.findings) == (
        "2026-09-29-093000",
        "沈至行",
        "done",
        digest(),
        (),
    )
    html = page(admin)
    for words in ("2026-09-29-093000", "完好", digest()[:16], "./youwei restore"):
        assert words in html
    assert backup(tmp_path / "command") == json.loads((disk / made.name / "manifest.json").read_text(encoding="utf-8"))
    assert ReadTrace.objects.filter(act="store.backup", detail="备份到2026-09-29-093000").exists()
    assert (disk / made.name).stat().st_mode & 0o077 == 0


def test_a_backup_altered_on_the_disk_is_found_by_checking_it_again(filled: None, disk: Path, admin: Client) -> None:
    admin.post(reverse("backups"))
    (made,) = shelf.listed()
    with (disk / made.name / "people.person.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert admin.post(reverse("backup-check", args=[made.name])).status_code == 302
    assert "people.person.jsonl 缺失或被改动" in page(admin)


def test_only_one_is_made_at_a_time_and_one_cut_off_is_told_as_such(filled: None, disk: Path, admin: Client) -> None:
    admin.post(reverse("backups"))
    shelf.note("2026-09-29-093000", state="running", done=3, total=10)
    html = page(admin)
    assert "现在备份" not in html
    assert "3" in admin.get(reverse("backup-progress")).content.decode()
    answer = admin.post(reverse("backups"))
    assert answer.status_code == 422
    assert "正在做；请等它做完" in answer.content.decode()
    shelf.mark_cut_off()
    assert "服务器中途停过" in page(admin)
    assert admin.get(reverse("backup-progress"))["Location"] == reverse("backups")


def test_a_backup_made_with_the_command_into_the_folder_is_listed_too(filled: None, disk: Path, admin: Client) -> None:
    backup(disk / "2024-09-29")
    (disk / "photos").mkdir()
    (made,) = shelf.listed()
    assert (made.name, made.by, made.digest) == ("2024-09-29", "命令行", digest())
    assert "没有核对过" in page(admin)


def test_a_folder_that_cannot_be_written_is_told_with_the_remedy(tmp_path: Path, settings: Any, admin: Client) -> None:
    (tmp_path / "file").write_text("x")
    settings.BACKUPS = tmp_path / "file" / "below"
    answer = admin.post(reverse("backups"))
    assert answer.status_code == 422
    assert "写不进去" in answer.content.decode()


def test_a_disk_that_fills_up_leaves_a_backup_that_says_so(
    filled: None, disk: Path, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("youwei.desk.safekeeping.backup.shutil.copyfile", full)
    admin.post(reverse("backups"))
    (made,) = shelf.listed()
    assert (made.state, made.digest) == ("failed", "")
    assert "写不进去（No space left on device）" in page(admin)


def test_a_right_taken_back_before_the_job_runs_makes_no_backup(disk: Path, place: City, admin: Client) -> None:
    account = holder(Role.SYSTEM_ADMIN, place.city, "other")
    name = shelf.begin(by=account.name, at=shelf.timezone.now())
    Grant.objects.filter(account=account).delete()
    jobs.make.func(name, account.pk)
    assert [path.name for path in (disk / name).iterdir()] == [shelf.STATE]
    assert "已经没有这项权限" in page(admin)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SYSTEM_ADMIN])
def test_other_roles_find_no_backups_and_make_none(place: City, disk: Path, role: Role) -> None:
    client = signed_in(holder(role, place.commission))
    assert [client.get(reverse(name)).status_code for name in ("backups", "backup-progress")] == [404, 404]
    assert client.post(reverse("backups")).status_code == 404
    assert client.post(reverse("backup-check", args=["x"])).status_code == 404
    assert not disk.exists()


@pytest.mark.parametrize("name", ["..", "2026", "nichts", "%2e%2e", "."])
def test_a_name_that_is_no_backup_is_not_found(admin: Client, disk: Path, name: str) -> None:
    assert admin.post(f"/backups/{name}/check/").status_code == 404


def test_the_page_makes_a_fixed_number_of_queries(
    filled: None, disk: Path, admin: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10) as few:
        page(admin)
    for number in range(5):
        backup(disk / f"b{number}")
    with django_assert_max_num_queries(10) as many:
        page(admin)
    assert len(many) == len(few)
