"""Who asks, of which instance, in which language, and whether they proved enough of themselves."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation.trans_real import get_supported_language_variant, parse_accept_lang_header

from bocage.network import queries
from bocage.network.rules import NotWhileVisiting

VISIT = "visit"  # the key of a session
Handler = Callable[[HttpRequest], HttpResponse]


def who_and_where(get_response: Handler) -> Handler:
    """Give each request `instance`, `actor` and `switches`, each one query at most and only when used."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.instance = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: queries.instance_for_host(request.get_host().partition(":")[0])
        )
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: queries.actor_for(request.user, language=getattr(request, "LANGUAGE_CODE", "fr"))
        )
        request.switches = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: queries.switches(instance_id=request.instance.pk)  # type: ignore[attr-defined]
        )
        return get_response(request)

    return handle


def language(get_response: Handler) -> Handler:
    """Speak the person's own language; else the one chosen on this device, else the browser's, else the instance's.

    Stands after LocaleMiddleware, which knows the cookie and the browser, and after `who_and_where`.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        chosen = _own_language(request) or translation.get_language()
        if chosen != translation.get_language():
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        return get_response(request)

    return handle


def second_factor(get_response: Handler) -> Handler:
    """Let stewards in only with a second factor, where the settings ask for one: lead them to set it up, refuse the rest."""

    def handle(request: HttpRequest) -> HttpResponse:
        if not _must_set_up(request):
            return get_response(request)
        if request.method in ("GET", "HEAD") and not getattr(request, "htmx", None):
            return HttpResponseRedirect(reverse("mfa_index"))
        sentence = gettext("Stewards log in with a second factor. Set yours up in your account, then try again.")
        return render(request, "ui/refused.html", {"sentence": sentence, "code": "network.second_factor"}, status=403)

    return handle


def visiting(get_response: Handler) -> Handler:
    """Let a steward who acts as a person be that person, as long as the visit lasts; `request.visit` says so to pages.

    Stands after all that asks who is really there. What only the person decides is refused meanwhile.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        request.visit = None  # type: ignore[attr-defined]
        visit_id = request.session.get(VISIT) if getattr(request.user, "is_staff", False) else None
        steward_id = request.user.pk or 0
        visit = visit_id and queries.open_visit(visit_id=visit_id, steward_id=steward_id, now=request.now)  # type: ignore[attr-defined]
        if not visit:
            return get_response(request)
        if _is_the_persons_alone(request.path_info):
            refused = NotWhileVisiting()
            sentence = gettext(refused.message)
            return render(request, "ui/refused.html", {"sentence": sentence, "code": refused.code}, status=403)
        steward, request.user = request.user, visit.person
        request.visit = visit  # type: ignore[attr-defined]
        request.actor = queries.visiting_actor(visit.person, steward=steward)  # type: ignore[attr-defined]
        return get_response(request)

    return handle


def _is_the_persons_alone(path: str) -> bool:
    accounts = reverse("account_login").removesuffix("login/")
    names = ("network:erasure", "network:data", "network:profile", "network:claims", "set_language")
    own = (accounts, *(reverse(name) for name in names))
    return path.startswith(own) and path != reverse("account_logout")


def _own_language(request: HttpRequest) -> str:
    spoken = {code for code, _ in settings.LANGUAGES}
    own = getattr(request.user, "language", "") if request.user.is_authenticated else ""
    if own in spoken:
        return own
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) in spoken or _browser_is_heard(request):
        return ""
    try:
        language = request.instance.language  # type: ignore[attr-defined]
    except LookupError:  # before there is an instance, probes are answered too
        return ""
    return language if language in spoken else ""


def _browser_is_heard(request: HttpRequest) -> bool:
    """Return whether the browser asks for a language that we speak."""
    for wanted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return wanted != "*" and bool(get_supported_language_variant(wanted))
        except LookupError:
            continue
    return False


def _must_set_up(request: HttpRequest) -> bool:
    if not settings.STAFF_NEED_SECOND_FACTOR or _is_open_to_all(request.path_info):
        return False
    return request.user.is_authenticated and request.user.is_staff and not queries.has_second_factor(request.user.pk)


def _is_open_to_all(path: str) -> bool:
    """Return whether a path belongs to log-in and account, or serves everybody alike."""
    accounts = reverse("account_login").removesuffix("login/")
    return path.startswith((accounts, reverse("set_language"), settings.STATIC_URL, settings.MEDIA_URL))
