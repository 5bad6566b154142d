"""Signing in and out, the first password, and the pages shown instead of a failure."""

from typing import Any

from django.contrib.auth import login, views
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from youwei.organs import clock
from youwei.organs.commands import Refused, use_setup_code
from youwei.organs.forms import SignInForm
from youwei.organs.models import Account
from youwei.organs.policy import public
from youwei.ui.parts import Refusal

WEAK = {
    "password_too_short": "口令太短；至少10位",
    "password_too_similar": "口令与账号太像；请换一个",
    "password_too_common": "口令太常见；请换一个",
    "password_entirely_numeric": "口令全是数字；请加上字母或符号",
}


@public
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    page = views.LoginView.as_view(
        template_name="ui/login.html", authentication_form=SignInForm, redirect_authenticated_user=True
    )
    return page(request)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    return views.LogoutView.as_view()(request)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def first_password(request: HttpRequest) -> HttpResponse:
    """Set the first password with a one-time code."""
    if request.method != "POST":
        return render(request, "organs/first_password.html")
    username, password = request.POST.get("username", "").strip(), request.POST.get("password", "")
    faults: list[str] = []
    try:
        if password != request.POST.get("again", ""):
            raise Refused("两次填写的口令不一样；请重填")
        validate_password(password, Account(username=username))
        account = use_setup_code(
            username=username, code=request.POST.get("code", ""), password=password, at=clock.now()
        )
    except Refused as refused:
        faults = [str(refused)]
    except ValidationError as weak:
        faults = [WEAK.get(str(fault.code), "口令太弱；请换一个") for fault in weak.error_list]
    if faults:
        return render(request, "organs/first_password.html", {"faults": faults, "username": username}, status=422)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("desk")


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Five wrong passwords in a row from one place."""
    refusal = Refusal(
        "暂时不能登录",
        ["口令连续输错五次"],
        ["登录失败锁定十五分钟"],
        ["十五分钟后再试；忘记口令请联系系统管理员"],
        "/login/",
    )
    return render(request, "ui/error.html", {"refusal": refusal}, status=429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's safety token is no longer good: usually it was open too long."""
    refusal = Refusal(
        "这一页打开得太久了",
        ["页面的安全凭证已经失效"],
        remedies=["请返回上一页，刷新后再提交；办理和更正时填写的内容会带回来，其他表单请先复制留存"],
        back_url="/",
    )
    return render(request, "ui/error.html", {"refusal": refusal}, status=403)
