"""What is not there: a page for people, an error in JSON for programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. Below /api/ it has the form of all errors there: {"error": {"code", "message"}}."""
    if not request.path.lower().startswith("/api/"):
        return page_not_found(request, exception)
    message = _("没有这个接口。请对照接口说明核对地址。")
    return JsonResponse(
        {"error": {"code": "not_found", "message": message}},
        status=404,
        json_dumps_params={"ensure_ascii": False},
    )
