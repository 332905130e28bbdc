from support.forms.files import FilesField
from support.forms.request import NewRequestForm, ReplyForm

__all__ = ["FilesField", "NewRequestForm", "ReplyForm"]
