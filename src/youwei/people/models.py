"""What is stored about persons."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models.lookups import Lookup

from youwei.journal.sealing import unseal_text
from youwei.organs.models import Organ
from youwei.rulebook.ages import full_years


class Person(models.Model):
    """A cadre or Party member. `organ` and `post` are today's; posts held before, and second posts, lie in `Post`.

    `service` is what became of whoever is in service no more, since `service_on`.
    """

    POLICY_ORGANS = ("organ",)
    POLICY_OFFICE = ("decisions__deciding_organ",)
    POLICY_MANAGED = ("managed_by",)
    POLICY_SERVED_ORGANS = ("organ",)

    class Sex(models.TextChoices):
        MALE = "男", "男"
        FEMALE = "女", "女"

    class State(models.TextChoices):
        ACTIVE = "active", "在册"
        UNDONE = "undone", "随导入撤回"

    class Service(models.TextChoices):
        """What became of somebody who is in public service no more."""

        NONE = "", "在职"
        RETIRED = "retired", "退休"
        LEFT = "left", "离开公职"
        DIED = "died", "去世"

    name = models.CharField("姓名", max_length=64, db_index=True)
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True, default="")
    ethnicity = models.CharField("民族", max_length=32, blank=True, default="")
    born_on = models.DateField("出生年月", null=True, help_text="只知年月的记当月1日")
    born_day_known = models.BooleanField(default=False)
    id_sealed = models.BinaryField(null=True)
    id_index = models.CharField(max_length=64, default="", db_index=True)
    politics = models.CharField("政治面貌", max_length=32, blank=True, default="")
    joined_on = models.DateField("入党时间", null=True)
    kind = models.CharField("人员类别", max_length=32, blank=True, default="")
    rank = models.CharField("职级", max_length=32, blank=True, default="")
    managed_by = models.CharField("干部管理权限", max_length=32, blank=True, default="")
    organ = models.ForeignKey(Organ, verbose_name="单位", on_delete=models.PROTECT, related_name="people")
    post = models.CharField("职务", max_length=64, blank=True, default="")
    standing = models.CharField("备注", max_length=64, blank=True, default="")
    shelf = models.CharField("纸质档案架号", max_length=64, blank=True, default="")
    service = models.CharField("去向", max_length=8, choices=Service, blank=True, default="")
    service_on = models.DateField("去向日期", null=True)
    state = models.CharField(max_length=8, choices=State, default=State.ACTIVE)
    import_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "born_on"], name="person_name_born")]

    def __str__(self) -> str:
        return self.name

    def identity(self) -> str:
        """The identity number in plain; whoever calls this leaves a trace."""
        return unseal_text(self.id_sealed, place="person.id")

    def age_on(self, day: date) -> int | None:
        """Full years on a day (周岁)."""
        return full_years(self.born_on, day) if self.born_on is not None else None


class Post(models.Model):
    """A post held at an organ, from a day, until a day (inclusive; open when absent): one held before, or a second one beside today's (兼任)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=64)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.title


class FormerName(models.Model):
    """A name no longer borne, or a spelling corrected; the person is still found by it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=64)
    changed_on = models.DateField()
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


@models.CharField.register_lookup
class Begins(Lookup[str]):
    """What a plain word of letters and digits begins, read from an index on both stores; SQLite's own LIKE is blind to case and reads every row."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self._matching("LIKE", "%", compiler, connection)

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self._matching("GLOB", "*", compiler, connection)

    def _matching(self, operator: str, rest: str, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        if not str(self.rhs).isalnum():
            raise ValueError("only a plain word begins a term")
        left, given = self.process_lhs(compiler, connection)
        return f"{left} {operator} %s", [*given, f"{self.rhs}{rest}"]


class Term(models.Model):
    """A key a person is found by: characters and pairs of characters of the name, pinyin, initials."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "term"], name="one_term")]
        # The class by which PostgreSQL finds a beginning whatever the language of the database; equality uses it too. SQLite needs none.
        indexes: ClassVar = [
            models.Index(
                fields=["term", "person"], opclasses=["varchar_pattern_ops", "int8_ops"], name="term_beginning"
            )
        ]

    def __str__(self) -> str:
        return self.term
