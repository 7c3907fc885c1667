"""The words for what was done about accounts, as the security administrator reads them."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SIGN_INS: Final[Mapping[str, Promise]] = {
    "official.sign_in": _("登录"),
    "official.password": _("密码正确，等待动态口令"),
    "official.provider": _("统一身份认证"),
    "official.second_factor": _("动态口令"),
    "official.lock": _("暂停登录"),
    "official.sign_out": _("退出登录"),
    "official.session.end": _("退出其他设备"),
    "official.login_link": _("签发一次性登录链接"),
    "official.set_password": _("用链接设置密码"),
    "official.change_password": _("更改密码"),
    "official.second_factor.set": _("设置动态口令"),
    "official.second_factor.reset": _("重置动态口令"),
    "official.recovery_codes.renew": _("换发恢复码"),
    "official.provider.link": _("关联统一身份"),
    "official.provider.unlink": _("解除统一身份的关联"),
}
# What a lock protects.
LOCKS: Final[Mapping[str, Promise]] = {
    "address": _("同一网络地址的多次失败"),
    "username there": _("同一用户名在同一网络地址的多次失败"),
    "username": _("同一用户名在各处的多次失败"),
    "second factor": _("动态口令多次错误"),
    "change of password": _("更改密码时多次输错现在的密码"),
}
RESULTS: Final[Mapping[str, Promise]] = {
    "done": _("成功"),
    "refused": _("未通过"),
    "failed": _("未完成"),
}
