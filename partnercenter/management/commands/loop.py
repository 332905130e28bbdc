"""What the portal does by itself: `manage.py loop`. One process is enough."""

from accounts.events.poll import poll_due
from accounts.users.bulk.runner import run_due
from activity.loop import Duty, LoopCommand
from activity.retention import make_room
from activity.sealing import SEALING
from billing.services import invoice_due
from customers.services.terms import settle_terms
from mailing.sending import send_due
from security.alerts.duty import watch_due
from security.mails.duty import mail_due
from security.services import take_due
from webhooks.delivery import deliver_due


class Command(LoopCommand):
    help = (
        "Fetch security events, carry out bulk changes, renew subscriptions, issue invoices, send mails and webhook"
        " events, look for security alerts, find out where MFA is enforced and mail how it stands, seal the audit log"
        " and make room in the operation log, again and again."
    )
    # A change at the provider is to be seen within five seconds (M22), also when its push did not arrive.
    # Bulk changes work in turns of a second and a half at most, so that they never keep events waiting.
    duties = (
        Duty("Fetching security events", poll_due, every=2),
        Duty("Carrying out bulk changes", run_due, every=0.5),
        Duty("Sending mails", send_due, every=1, apart=True),
        Duty("Renewing subscriptions", settle_terms, every=600, apart=True),
        Duty("Issuing invoices", invoice_due, every=60, apart=True),
        Duty("Delivering webhook events", deliver_due, every=1, apart=True),
        Duty("Looking for security alerts", watch_due, every=30, apart=True),
        Duty("Finding out where MFA is enforced", take_due, every=600, apart=True),
        Duty("Writing mails about the security requirements", mail_due, every=20, apart=True),
        Duty("Making room in the operation log", make_room, every=3600, apart=True),
        *SEALING,
    )
