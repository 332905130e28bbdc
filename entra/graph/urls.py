"""The directory API under `/graph/v1.0`, in the shapes of Microsoft Graph."""

from entra.graph.operation import routes
from entra.graph.operations import registration, sign_ins, users

urlpatterns = routes("v1.0", [*users.OPERATIONS, *sign_ins.OPERATIONS, *registration.OPERATIONS])
