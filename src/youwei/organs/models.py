"""What is stored about organs, accounts and their roles."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class StandingOrgans(models.Manager["Organ"]):
    """Organs but those that were withdrawn. What still refers to a withdrawn one (records of an undone import) finds it all the same."""

    def get_queryset(self) -> "models.QuerySet[Organ]":
        return super().get_queryset().filter(withdrawn=False)


class Organ(models.Model):
    """机关、单位、党组织. A region node (云川市, 青溪区) holds its commission and its units; `path` is the chain of ids, "/1/5/".

    `parent` is where it belongs, `managed_by` who has the management of its cadres. In force from `starts_on` to `ends_on` (both inclusive, open when
    absent). A merged organ stays where it stood, with what was recorded there; `merged_into` is its successor of today, in force itself.
    A `withdrawn` one was entered by a ledger that was taken back, and nothing else used it: it is listed nowhere.
    """

    class Kind(models.TextChoices):
        REGION = "region", "地区"
        COMMISSION = "commission", "纪委监委"
        WORK_COMMISSION = "work_commission", "纪工委监工委"
        DISPATCHED = "dispatched", "派驻纪检监察组"
        ORGANIZATION = "organization", "组织部门"
        COMMITTEE = "committee", "党委（党组）"
        DEPARTMENT = "department", "机关部门"
        ENTERPRISE = "enterprise", "企业"
        UNIVERSITY = "university", "高校"
        SCHOOL = "school", "学校、医院等事业单位"
        STREET = "street", "街道"
        TOWN = "town", "乡镇"
        VILLAGE = "village", "村（社区）"
        OTHER = "other", "其他"

    class Level(models.TextChoices):
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"
        TOWN = "town", "乡级"
        VILLAGE = "village", "村级"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.DEPARTMENT)
    level = models.CharField(max_length=8, choices=Level, default=Level.COUNTY)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=255, default="", db_index=True)
    managed_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="manages")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="absorbed")
    withdrawn = models.BooleanField(default=False)

    objects: ClassVar[StandingOrgans] = StandingOrgans()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=models.Q(ends_on=None, withdrawn=False),
                name="one_name_in_force_below_one_organ",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["name"], name="organ_name")]

    def __str__(self) -> str:
        return self.name


class OrganName(models.Model):
    """A former name of an organ, with the last day it bore it."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=120)
    ends_on = models.DateField()

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A person who signs in. What one may do lies in the grants, never here. A closed one is kept: what it did stays named."""

    username = models.CharField("账号", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=64)
    title = models.CharField("职务", max_length=64, default="", blank=True)
    is_active = models.BooleanField("启用", default=True)
    changed_on = models.DateField("停用、启用日期", null=True)
    why = models.CharField("停用、启用理由", max_length=200, default="", blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return self.name


class SetupCode(models.Model):
    """A one-time code with which an administrator sets the first password. Only its digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="setup_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code of {self.account_id}"


class Role(models.TextChoices):
    """What an account may be at an organ. The three administrators exclude each other and read no cases (三员分立)."""

    CASE_OFFICER = "case_officer", "经办人"
    LEADER = "leader", "分管领导"
    UNIT = "unit", "所在单位党组织"
    MENTOR = "mentor", "帮带责任人"
    ORGANIZATION = "organization", "组织部门干部"
    UPPER_VIEWER = "upper_viewer", "上级机关"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计管理员"


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})


class Grant(models.Model):
    """A role at an organ, from a day, until a day (both inclusive; open when absent).

    With `covers` it is lent by the holder of that grant for an absence (代理): it holds only while that one runs too.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=16, choices=Role)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="grants")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    granted_by = models.CharField(max_length=80, default="")
    covers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="covered_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "role", "organ", "starts_on"], condition=models.Q(covers=None), name="one_grant"
            ),
            models.UniqueConstraint(
                fields=["account", "covers", "starts_on"], condition=~models.Q(covers=None), name="one_cover"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.role}@{self.organ_id}"


class CareContact(models.Model):
    """紧急联系人: whom to call the same day when somebody is in distress, as an organ keeps the list."""

    organ = models.ForeignKey(Organ, on_delete=models.CASCADE, related_name="care_contacts")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=64)
    post = models.CharField(max_length=64, blank=True, default="")
    phone = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organ", "place"], name="one_contact_a_place")]

    def __str__(self) -> str:
        return self.name


class ReadTrace(models.Model):
    """Who looked at what: dossiers, searches by identity number, downloads, prints, identity numbers shown."""

    at = models.DateTimeField(db_index=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="traces")
    by = models.CharField(max_length=80)
    act = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    ref = models.BigIntegerField(null=True)
    detail = models.CharField(max_length=200, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "ref", "-at"], name="trace_of_thing")]

    def __str__(self) -> str:
        return f"{self.by} {self.act} {self.kind}:{self.ref}"


class Setting(models.Model):
    """A logged choice of the office (for instance how the last day of a period is counted). The newest row of a name holds.

    What follows from it is brought about some at a time: `reached` is the last one done, `done` of `total`; `finished_at` when all are.
    """

    name = models.CharField(max_length=64, db_index=True)
    value = models.JSONField()
    reason = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    by_account = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    reached = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


class HolidayNotice(models.Model):
    """The State Council's notice for a year as the office entered it; the newest of a year holds. `days` is [{on, kind, name}]."""

    year = models.PositiveSmallIntegerField(db_index=True)
    source = models.CharField(max_length=200)
    days: models.JSONField[Any, Any] = models.JSONField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.year} {self.source}"
