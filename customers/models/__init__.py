from customers.models.contact import Contact
from customers.models.customer import BillingProfile, Customer, CustomerCount, Relationship
from customers.models.subscription import BillingCycle, Subscription, SubscriptionStatus, TermDuration

__all__ = [
    "BillingCycle",
    "BillingProfile",
    "Contact",
    "Customer",
    "CustomerCount",
    "Relationship",
    "Subscription",
    "SubscriptionStatus",
    "TermDuration",
]
