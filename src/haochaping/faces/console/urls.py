"""The routes of this face."""

from django.urls.resolvers import URLPattern

from haochaping.accounts.rules import Permission
from haochaping.faces.console import (
    account,
    cameras,
    codes,
    corrections,
    coverage,
    desk,
    dispatch,
    entering,
    ledger,
    metrics,
    notices,
    objections,
    officials,
    orders,
    own_ratings,
    parts,
    pressure,
    provider,
    quarantine,
    rated,
    released,
    report_forms,
    retention,
    revisits,
    rules,
    score_rows,
    score_values,
    scores,
    second_step,
    senders,
    sign_in,
    statistics,
    trail,
    video,
    watch,
)
from haochaping.faces.console.evidence_routes import evidence_routes
from haochaping.faces.shared.routes import METRICS, PUBLIC, SIGNED_IN, route

app_name = "console"
urlpatterns: list[URLPattern] = [
    route("login/", sign_in.login, permission=PUBLIC, name="login"),
    route("logout/", sign_in.logout, permission=SIGNED_IN, name="logout"),
    route("first-login/", sign_in.first_login, permission=PUBLIC, name="first-login"),
    route("first-login/<str:token>/", sign_in.first_login_link, permission=PUBLIC, name="first-login-link"),
    route("login/code/", second_step.login_code, permission=PUBLIC, name="login-code"),
    route("login/authenticator/", second_step.login_enrol, permission=PUBLIC, name="login-enrol"),
    route("login/provider/", provider.start, permission=PUBLIC, name="provider"),
    route("login/provider/back/", provider.back, permission=PUBLIC, name="provider-back"),
    route("login/provider/left/", provider.left, permission=PUBLIC, name="provider-left"),
    route("account/", account.account, permission=SIGNED_IN, name="account"),
    route("account/password/", account.password, permission=SIGNED_IN, name="password"),
    route("account/authenticator/", second_step.enrol, permission=SIGNED_IN, name="enrol"),
    route("account/recovery-codes/", second_step.renew, permission=SIGNED_IN, name="recovery-codes"),
    route("account/session/end/", account.session_end, permission=SIGNED_IN, name="session-end"),
    route("permissions/", account.permissions, permission=SIGNED_IN, name="permissions"),
    route("officials/", officials.officials, permission=Permission.MANAGE_OFFICIALS, name="officials"),
    route("officials/new/", officials.new, permission=Permission.MANAGE_OFFICIALS, name="official-new"),
    route(
        "officials/<uuid:official_id>/",
        officials.official,
        permission=Permission.MANAGE_OFFICIALS,
        name="official",
    ),
    route(
        "officials/<uuid:official_id>/act/",
        officials.act,
        permission=Permission.MANAGE_OFFICIALS,
        name="official-act",
    ),
    route("sign-ins/", trail.sign_ins, permission=Permission.VIEW_SIGN_INS, name="sign-ins"),
    route("audit/", trail.audit, permission=Permission.READ_AUDIT, name="audit"),
    route("", desk.desk, permission=Permission.VIEW_ORDERS, name="orders", others=entering.home),
    route("views/", desk.keep_view, permission=Permission.VIEW_ORDERS, name="view-keep"),
    route("views/<uuid:view_id>/", desk.change_view, permission=Permission.VIEW_ORDERS, name="view-change"),
    route("dispatch/", dispatch.dispatch, permission=Permission.DISPATCH_ORDERS, name="dispatch"),
    route("ask/", statistics.ask, permission=Permission.ASK_EXPORT, name="ask"),
    route("ask/export/", statistics.export, permission=Permission.ASK_EXPORT, name="ask-export"),
    route(
        "corrections/", corrections.corrections, permission=Permission.VIEW_CORRECTIONS, name="corrections"
    ),
    route(
        "corrections/export.<str:form>",
        corrections.export,
        permission=Permission.VIEW_CORRECTIONS,
        name="corrections-export",
    ),
    route("ledger/", ledger.ledger, permission=Permission.VIEW_ORDERS, name="ledger"),
    route("ledger/export/", ledger.export, permission=Permission.VIEW_ORDERS, name="ledger-export"),
    route("orders/<uuid:order_id>/", orders.order, permission=Permission.VIEW_ORDERS, name="order"),
    # Each act has a permission of its own, which its operation asks for.
    route("orders/<uuid:order_id>/act/", orders.act, permission=Permission.VIEW_ORDERS, name="act"),
    route(
        "orders/<uuid:order_id>/form/",
        report_forms.form,
        permission=Permission.MAKE_FORMS,
        name="form",
    ),
    route("forms/make/", report_forms.forms, permission=Permission.MAKE_FORMS, name="forms"),
    route("forms/check/", report_forms.check, permission=Permission.MAKE_FORMS, name="form-check"),
    route("forms/templates/", report_forms.templates, permission=SIGNED_IN, name="form-templates"),
    route(
        "forms/templates/<str:template>/",
        report_forms.template,
        permission=SIGNED_IN,
        name="form-template",
    ),
    route("orders/<uuid:order_id>/parts/", parts.new, permission=Permission.DISPATCH_ORDERS, name="part-new"),
    route("parts/<uuid:part_id>/", parts.part, permission=Permission.VIEW_ORDERS, name="part"),
    # Each act has a permission of its own, which its operation asks for.
    route("parts/<uuid:part_id>/act/", parts.act, permission=Permission.VIEW_ORDERS, name="part-act"),
    route(
        "orders/<uuid:order_id>/contact/", orders.contact, permission=Permission.SEE_CONTACT, name="contact"
    ),
    *evidence_routes,
    route("orders/<uuid:order_id>/video/", video.video, permission=Permission.VIEW_VIDEO, name="order-video"),
    route(
        "orders/<uuid:order_id>/video/<uuid:look_id>/open/",
        video.video_open,
        permission=Permission.VIEW_VIDEO,
        name="order-video-open",
    ),
    route("cameras/", cameras.cameras, permission=Permission.MANAGE_CAMERAS, name="cameras"),
    route(
        "cameras/register/", cameras.register, permission=Permission.MANAGE_CAMERAS, name="camera-register"
    ),
    route(
        "cameras/<uuid:camera_id>/end/",
        cameras.end,
        permission=Permission.MANAGE_CAMERAS,
        name="camera-end",
    ),
    *(
        route(f"orders/<uuid:order_id>/{what}", view, permission=Permission.FILE_OBJECTIONS, name=name)
        for what, view, name in (
            ("objections/new/<str:kind>/", objections.new, "objection-new"),
            ("objections/<uuid:filed_id>/withdraw/", objections.withdraw, "objection-withdraw"),
        )
    ),
    route("rated/", rated.rated, permission=Permission.FILE_OBJECTIONS, name="rated"),
    route("rated/<uuid:order_id>/", rated.order, permission=Permission.FILE_OBJECTIONS, name="rated-order"),
    *(
        route(f"own-ratings/{what}", view, permission=Permission.FILE_OWN_OBJECTIONS, name=name)
        for what, view, name in (
            ("", own_ratings.own_ratings, "own-ratings"),
            ("<uuid:own_id>/", own_ratings.own_rating, "own-rating"),
            ("<uuid:own_id>/objections/new/<str:kind>/", own_ratings.new, "own-objection-new"),
            (
                "<uuid:own_id>/objections/<uuid:own_filed_id>/withdraw/",
                own_ratings.withdraw,
                "own-objection-withdraw",
            ),
        )
    ),
    *(
        route(f"objections/{what}", view, permission=permission, name=name)
        for what, view, permission, name in (
            ("", objections.objections, Permission.DECIDE_OBJECTIONS, "objections"),
            ("rates/", objections.rates, Permission.DECIDE_OBJECTIONS, "objection-rates"),
            ("<uuid:objection_id>/", objections.objection, Permission.DECIDE_OBJECTIONS, "objection"),
            ("<uuid:objection_id>/act/", objections.act, Permission.DECIDE_OBJECTIONS, "objection-act"),
            (
                "<uuid:objection_id>/confirm/",
                objections.confirm,
                Permission.CONFIRM_VOIDING,
                "objection-confirm",
            ),
        )
    ),
    route("senders/", senders.senders, permission=Permission.VIEW_SENDERS, name="senders"),
    route("senders/<str:platform>/", senders.sender, permission=Permission.VIEW_SENDERS, name="sender"),
    route("quarantine/", quarantine.quarantine, permission=Permission.DECIDE_QUARANTINE, name="quarantine"),
    route(
        "quarantine/decide/",
        quarantine.decide,
        permission=Permission.DECIDE_QUARANTINE,
        name="quarantine-decide",
    ),
    route(
        "quarantine/<uuid:record_id>/",
        quarantine.quarantined,
        permission=Permission.DECIDE_QUARANTINE,
        name="quarantined",
    ),
    route(
        "quarantine/<uuid:record_id>/decide/",
        quarantine.decide_one,
        permission=Permission.DECIDE_QUARANTINE,
        name="quarantined-decide",
    ),
    route("coverage/", coverage.coverage, permission=Permission.VIEW_COVERAGE, name="coverage"),
    route(
        "coverage/export/<str:form>/",
        coverage.export,
        permission=Permission.VIEW_COVERAGE,
        name="coverage-export",
    ),
    route(
        "coverage/<str:code>/",
        coverage.organisation,
        permission=Permission.VIEW_COVERAGE,
        name="coverage-organisation",
    ),
    route("codes/", codes.codes, permission=Permission.VIEW_CODES, name="codes"),
    route("codes/sheet/", codes.sheet, permission=Permission.VIEW_CODES, name="codes-sheet"),
    route(
        "codes/<str:subject>/<int:thing_id>/<str:drawn>/",
        codes.picture,
        permission=Permission.VIEW_CODES,
        name="code-picture",
    ),
    route("retention/", retention.retention, permission=SIGNED_IN, name="retention"),
    route("metrics/", metrics.metrics, permission=METRICS, name="metrics"),
    route("watch/", watch.watch, permission=Permission.VIEW_WATCH, name="watch"),
    route("watch/runs/<uuid:run_id>/", watch.run, permission=Permission.VIEW_WATCH, name="watch-run"),
    route(
        "watch/acknowledge/",
        watch.acknowledge,
        permission=Permission.ACKNOWLEDGE_ALARMS,
        name="alarms-acknowledge",
    ),
    route("notices/", notices.notices, permission=SIGNED_IN, name="notices"),
    route("notices/read/", notices.read, permission=SIGNED_IN, name="notices-read"),
    route("notices/preferences/", notices.preferences, permission=SIGNED_IN, name="notice-preferences"),
    route("outbox/", notices.outbox, permission=Permission.VIEW_WATCH, name="outbox"),
    route("escalations/", notices.escalations, permission=Permission.VIEW_ORDERS, name="escalations"),
    route("scores/", scores.scores, permission=Permission.VIEW_SCORES, name="scores"),
    route("scores/make/", scores.make, permission=Permission.RUN_SCORES, name="score-make"),
    route("scores/values/", score_values.values, permission=Permission.VIEW_SCORES, name="score-values"),
    route(
        "scores/values/enter/",
        score_values.enter,
        permission=Permission.RUN_SCORES,
        name="score-value-enter",
    ),
    route(
        "scores/values/<uuid:value_id>/decide/",
        score_values.decide,
        permission=Permission.SIGN_SCORES,
        name="score-value-decide",
    ),
    route("scores/<str:number>/", scores.run, permission=Permission.VIEW_SCORES, name="score-run"),
    route("scores/<str:number>/sign/", scores.sign, permission=Permission.SIGN_SCORES, name="score-sign"),
    route(
        "scores/<str:number>/publish/", scores.publish, permission=Permission.PUBLISH, name="score-publish"
    ),
    route(
        "scores/<str:number>/withdraw/",
        scores.withdraw,
        permission=Permission.SIGN_SCORES,
        name="score-withdraw",
    ),
    route(
        "scores/<str:number>/changes/",
        scores.changes,
        permission=Permission.VIEW_SCORES,
        name="score-changes",
    ),
    route(
        "scores/<str:number>/export.<str:form>",
        scores.export,
        permission=Permission.VIEW_SCORES,
        name="score-export",
    ),
    route(
        "scores/<str:number>/<uuid:unit_id>/",
        scores.unit,
        permission=Permission.VIEW_SCORES,
        name="score-unit",
    ),
    route(
        "scores/<str:number>/<uuid:unit_id>/rows/<str:word>/",
        score_rows.rows,
        permission=Permission.VIEW_SCORES,
        name="score-rows",
    ),
    route(
        "scores/<str:number>/<uuid:unit_id>/remark/",
        scores.remark,
        permission=Permission.REMARK_ON_SCORES,
        name="score-remark",
    ),
    route(
        "scores/<str:number>/remarks/<uuid:remark_id>/",
        scores.answer,
        permission=Permission.SIGN_SCORES,
        name="score-answer",
    ),
    *(
        route(f"answers/{what}", view, permission=Permission.RELEASE_ANSWERS, name=name)
        for what, view, name in (
            ("", released.answers, "answers"),
            ("orders/<uuid:answered_id>/", released.draft, "answer-draft"),
            ("<uuid:answer_id>/", released.answer, "answer"),
            ("<uuid:answer_id>/release/", released.release, "answer-release"),
            ("<uuid:answer_id>/withdraw/", released.withdraw, "answer-withdraw"),
        )
    ),
    route("revisits/", revisits.revisits, permission=Permission.VIEW_REVISITS, name="revisits"),
    route("revisits/yearly/", revisits.yearly, permission=Permission.VIEW_REVISITS, name="yearly"),
    route("revisits/rates/", revisits.rates, permission=Permission.VIEW_REVISITS, name="revisit-rates"),
    route(
        "revisits/<uuid:revisit_id>/", revisits.revisit, permission=Permission.VIEW_REVISITS, name="revisit"
    ),
    route(
        "revisits/<uuid:revisit_id>/attempt/",
        revisits.attempt,
        permission=Permission.CONDUCT_REVISITS,
        name="revisit-attempt",
    ),
    route(
        "revisits/<uuid:revisit_id>/contact/",
        revisits.contact,
        permission=Permission.CONDUCT_REVISITS,
        name="revisit-contact",
    ),
    route("rules/", rules.rules, permission=Permission.VIEW_ORDERS, name="rules"),
    route(
        "pressure/",
        pressure.pressure_list,
        permission=Permission.HANDLE_PRESSURE,
        name="pressure",
        hidden=True,
    ),
    *(
        route(
            f"pressure/<uuid:report_id>/{what}",
            view,
            permission=Permission.HANDLE_PRESSURE,
            name=name,
            hidden=True,
        )
        for what, view, name in (
            ("", pressure.pressure, "pressure-report"),
            ("act/", pressure.act, "pressure-act"),
            ("contact/", pressure.contact, "pressure-contact"),
        )
    ),
]
