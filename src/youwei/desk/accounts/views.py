"""Accounts and roles: made by one administrator, given their rights by another (三员分立)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from youwei.cases import readmitting
from youwei.desk.accounts import queries
from youwei.desk.accounts.forms import AccountForm, GrantForm, ReasonForm
from youwei.desk.address import reader_of, words
from youwei.journal.actors import Actor
from youwei.organs import clock, commands
from youwei.organs.models import Account, Grant, Role
from youwei.organs.policy import ACTS, permission
from youwei.organs.queries import organs_named
from youwei.ui.paging import page_of


@require_http_methods(["GET", "HEAD", "POST"])
@permission("account.manage")
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts; a new one is shown its one-time code once."""
    who, form = reader_of(request), AccountForm(request.POST or None)
    code, made = "", None
    if request.method == "POST" and form.is_valid():
        try:
            made = commands.create_account(**form.cleaned_data)
        except commands.Refused as refused:
            form.add_error("username", str(refused))
        else:
            code, form = _code(request, made, "account.created"), AccountForm()
    context = {"form": form, "lines": queries.lines(who.on), "code": code, "made": made}
    return render(request, "desk/accounts/accounts.html", context, status=422 if form.errors else 200)


@require_POST
@permission("account.manage")
def new_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Another one-time code, for a forgotten password or a lost slip; the old code ends."""
    account = get_object_or_404(Account, pk=pk, is_active=True)
    context = {
        "form": AccountForm(), "lines": queries.lines(reader_of(request).on), "made": account,
        "code": _code(request, account, "account.code"),
    }  # fmt: skip
    return render(request, "desk/accounts/accounts.html", context)


def _code(request: HttpRequest, account: Account, act: str) -> str:
    who = reader_of(request)
    commands.trace(
        account=who.account,
        by=who.account.name,
        act=act,
        kind="account",
        ref=account.pk,
        at=clock.now(),
        detail=account.username,
    )
    return commands.setup_code(account=account)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("account.manage")
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """An account is closed, with a reason; first it is said what waits for it and has to be handed over."""
    account = get_object_or_404(Account, pk=pk, is_active=True)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            commands.close_account(account=account, reason=form.cleaned_data["reason"], **_stamp(request))
        except commands.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{account.name}（{account.username}）的账号已停用，已登录的同时退出。")
            return redirect("accounts")
    today = reader_of(request).on
    context = {
        "account": account, "form": form, "duties": queries.duties(account, today), "held": queries.roles_held(account, today)
    }  # fmt: skip
    return render(request, "desk/accounts/close.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission("account.manage")
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """A closed account is opened again, with a reason; its new one-time code is shown once."""
    account = get_object_or_404(Account, pk=pk, is_active=False)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            code = commands.reopen_account(account=account, reason=form.cleaned_data["reason"], **_stamp(request))
        except commands.Refused as refused:
            form.add_error(None, str(refused))
        else:
            context = {
                "form": AccountForm(), "lines": queries.lines(reader_of(request).on), "code": code, "made": account,
            }  # fmt: skip
            return render(request, "desk/accounts/accounts.html", context)
    context = {"account": account, "form": form}
    return render(request, "desk/accounts/close.html", context, status=422 if form.errors else 200)


def _stamp(request: HttpRequest) -> dict[str, Any]:
    """By whom, when, and in whose log: that of the organ where the administrator holds the role."""
    who = reader_of(request)
    organ = next(grant.organ for grant in who.grants if grant.role in ACTS["account.manage"])
    return {"organ": organ, "by": Actor(who.account.name, who.account.pk), "on": who.on, "at": clock.now()}


@require_http_methods(["GET", "HEAD", "POST"])
@permission("grant.manage")
def grants(request: HttpRequest) -> HttpResponse:
    """Who holds which role where; another role is given."""
    who = reader_of(request)
    form = GrantForm(request.POST or None, accounts=queries.accounts().filter(is_active=True), today=who.on)
    if request.method == "POST" and form.is_valid() and _grant(request, form):
        messages.success(request, "已授予")
        return redirect("grants")
    context = {"form": form, "lines": queries.lines(who.on), "forgotten": readmitting.forgotten(who.on).count()}
    return render(request, "desk/accounts/grants.html", context, status=422 if form.errors else 200)


def _grant(request: HttpRequest, form: GrantForm) -> bool:
    who, given = reader_of(request), form.cleaned_data
    found = list(organs_named(given["organ"])[:2])
    if len(found) != 1:
        form.add_error("organ", "没有这个机关；请核对全称。" if not found else "有重名的机关；请写成“上级/名称”。")
        return False
    try:
        commands.grant(
            account=Account.objects.get(pk=given["account"]), role=Role(given["role"]), organ=found[0], on=given["starts_on"],
            ends_on=given["ends_on"], by=Actor(who.account.name, who.account.pk), at=clock.now(),
        )  # fmt: skip
    except commands.Refused as refused:
        form.add_error("role", str(refused))
        return False
    return True


@require_safe
@permission("trace.audit")
def traces(request: HttpRequest) -> HttpResponse:
    """Who looked at what, newest first, by name of the reader."""
    text = words(request.GET, "q")
    page = page_of(queries.traces(text), request.GET.get("page"))
    return render(
        request, "desk/accounts/traces.html", {"page": page, "traces": map(queries.told, page.rows), "q": text}
    )


@require_POST
@permission("grant.manage")
def end_grant(request: HttpRequest, pk: int) -> HttpResponse:
    """A role ends with today; what was done with it stays."""
    who = reader_of(request)
    row = get_object_or_404(Grant.objects.select_related("account", "organ"), pk=pk)
    commands.end_grant(grant=row, by=Actor(who.account.name, who.account.pk), on=who.on, at=clock.now())
    messages.success(request, f"{row.account.name}在{row.organ.name}的“{row.get_role_display()}”自今天起不再有效")
    return redirect("grants")
