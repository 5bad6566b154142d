"""The pages shown instead of a failure: what happened, and what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from youwei.ui.parts import Refusal


def _page(request: HttpRequest, status: int, title: str, reason: str, remedy: str) -> HttpResponse:
    refusal = Refusal(title, [reason], remedies=[remedy], back_url="/", back_label="回工作台")
    return render(request, "ui/error.html", {"refusal": refusal}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "这个请求看不懂", "地址或表单的格式不对", "请返回上一页重试")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "不能这样做", "您的岗位没有这项权限", "需要时请联系安全管理员")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, "没有这一页", "地址不对，或不在您的工作范围内", "请从左边的导航进入")


def failure(request: HttpRequest) -> HttpResponse:
    words = "已经填写的内容在草稿里；请重试，仍不行请联系系统管理员"
    refusal = Refusal("系统出错了", ["程序遇到没有料到的情况"], remedies=[words], back_url="/", back_label="回工作台")
    return HttpResponse(render_to_string("ui/error.html", {"refusal": refusal}), status=500)
