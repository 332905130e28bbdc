"""Wingtip's own pages: home, settings, the demo's codes, metadata, sign-out."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from lxml import etree

from examples.wingtip import own, people, session, switches
from examples.wingtip.answered import issuer
from examples.wingtip.forms import SwitchesForm
from examples.wingtip.switches import Relay, Switches, Verify

MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "wingtip/home.html", {"signed_in": session.current(request)})


@require_http_methods(["GET", "POST"])
@never_cache
def change_switches(request: HttpRequest) -> HttpResponse:
    """A demo's settings: open to everybody on this machine."""
    now = switches.current()
    form = SwitchesForm(request.POST or None, initial={"relay": now.relay.value, "verify": now.verify.value})
    if form.is_valid():
        switches.change(Switches(Relay(form.cleaned_data["relay"]), Verify(form.cleaned_data["verify"])))
        messages.success(request, _("Saved."))
        return redirect("settings")
    return render(request, "wingtip/settings.html", {"form": form})


@require_GET
@never_cache
def demo(request: HttpRequest) -> HttpResponse:
    """What people would read on their devices."""
    rows = [(person, people.next_code(person)) for person in people.everybody()]
    return render(request, "wingtip/demo.html", {"rows": rows, "password": own.WORLD["password"]})


@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        request.session.flush()
        messages.success(request, _("You are signed out of Wingtip."))
        return redirect("home")
    return render(request, "wingtip/sign_out.html")


@require_GET
def metadata(request: HttpRequest) -> HttpResponse:
    """The provider's SAML metadata, for the service's administrators."""
    root = etree.Element(f"{{{MD}}}EntityDescriptor", nsmap={"md": MD, "ds": DS}, entityID=issuer())
    descriptor = etree.SubElement(
        root,
        f"{{{MD}}}IDPSSODescriptor",
        protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol",
        WantAuthnRequestsSigned="true",
    )
    key = etree.SubElement(descriptor, f"{{{MD}}}KeyDescriptor", use="signing")
    data = etree.SubElement(etree.SubElement(key, f"{{{DS}}}KeyInfo"), f"{{{DS}}}X509Data")
    lines = own.SIGNING.certificate_pem.strip().splitlines()
    etree.SubElement(data, f"{{{DS}}}X509Certificate").text = "".join(lines[1:-1])
    etree.SubElement(
        descriptor,
        f"{{{MD}}}SingleSignOnService",
        Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
        Location=f"{settings.WINGTIP_URL}/saml/sso",
    )
    return HttpResponse(etree.tostring(root), content_type="application/samlmetadata+xml")
