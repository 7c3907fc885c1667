"""What Django refuses before any view: a page for people, below /api/ an error in JSON for programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if not _from_a_program(request):
        return defaults.page_not_found(request, exception)
    return _error(404, "not_found", _("没有这个接口。请对照接口说明核对地址。"))


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, for example for a host that we are not."""
    if not _from_a_program(request):
        return defaults.bad_request(request, exception)
    return _error(400, "malformed", _("请求的内容不完整或格式不对。请对照接口说明核对。"))


def _from_a_program(request: HttpRequest) -> bool:
    return request.path.lower().startswith("/api/")


def _error(status: int, code: str, message: str) -> JsonResponse:
    """The form of all errors of the interface (docs/api.md)."""
    body = {"error": {"code": code, "message": message}}
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
