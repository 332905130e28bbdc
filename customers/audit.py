"""What the audit log says about customers."""

from activity.actions import AuditAction


class CustomerAction(AuditAction):
    CUSTOMER_ADDED = "customer.added"
    CUSTOMER_EDITED = "customer.edited"
    RELATIONSHIP_ENDED = "customer.relationship-ended"
    CART_CREATED = "customer.cart-created"
    CART_CHANGED = "customer.cart-changed"
    ORDER_PLACED = "customer.order-placed"
    SUBSCRIPTION_CHANGED = "customer.subscription-changed"
    CUSTOMER_DELETED = "customer.deleted"
    QUALIFICATION_REQUESTED = "customer.qualification-requested"
    QUALIFICATIONS_WITHDRAWN = "customer.qualifications-withdrawn"
    AGREEMENT_CONFIRMED = "customer.agreement-confirmed"
    BUDGET_CHANGED = "customer.budget-changed"
    CONTACT_ADDED = "customer.contact-added"
    CONTACT_EDITED = "customer.contact-edited"
    CONTACT_REMOVED = "customer.contact-removed"
