"""What the provider does by itself: `manage.py loop --settings=entra.settings`. One process is enough."""

from activity.loop import Duty, LoopCommand
from activity.sealing import SEALING
from entra.events.push import push_due
from entra.oauth.backchannel import deliver_due
from mailing.sending import send_due


class Command(LoopCommand):
    help = "Send sign-out messages, security events and mails until they arrive, and seal the audit log."
    # A change at the provider is to be seen within five seconds (M22), also when the first attempt did not arrive.
    duties = (
        Duty("Telling applications of sign-outs", deliver_due, every=2),
        Duty("Pushing security events", push_due, every=1),
        Duty("Sending mails", send_due, every=1, apart=True),
        *SEALING,
    )
