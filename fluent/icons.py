"""The icons in static/icons.svg: our name → the Fluent System Icon it is drawn from (20 px, regular)."""

# fmt: off
SAME_NAME = (
    "add", "apps", "beaker", "board", "book", "box", "branch", "building", "calendar", "cart", "certificate",
    "chat", "circle", "clock", "code", "comment", "copy", "delete", "dismiss", "document", "edit", "eye", "filter",
    "fingerprint", "flag", "folder", "globe", "headset", "history", "home", "hourglass", "info", "key", "lightbulb",
    "link", "list", "mail", "money", "navigation", "open", "organization", "people", "person", "phone", "print",
    "prohibited", "pulse", "receipt", "search", "send", "server", "settings", "shield", "star", "table", "tag",
    "warning", "wrench",
)
HYPHENATED = (
    "arrow-down", "arrow-left", "arrow-reset", "arrow-right", "arrow-sort", "arrow-sync", "arrow-up",
    "chevron-down", "chevron-left", "chevron-right", "chevron-up", "document-text", "globe-shield",
    "heart-pulse", "lock-open", "mail-inbox", "people-team", "person-accounts", "person-add", "person-circle",
    "person-key", "phone-key", "plug-connected", "qr-code", "shield-error", "shield-keyhole", "shield-task",
    "sign-out",
)
# fmt: on
RENAMED = {
    "support": "person_support",
    "lock": "lock_closed",
    "usb": "usb_stick",
    "question": "question_circle",
    "theme": "dark_theme",
    "language": "local_language",
    "check": "checkmark",
    "check-circle": "checkmark_circle",
    "error": "error_circle",
    "dismiss-circle": "dismiss_circle",
    "download": "arrow_download",
    "upload": "arrow_upload",
    "ticket": "ticket_diagonal",
    "more": "more_horizontal",
    "number": "number_symbol",
    "chart": "data_bar_vertical",
    "undo": "arrow_counterclockwise",
    "passkey": "person_passkey",
}
ICONS: dict[str, str] = {
    **{name: name for name in SAME_NAME},
    **{name: name.replace("-", "_") for name in HYPHENATED},
    **RENAMED,
}
