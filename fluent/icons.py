"""The icons in static/icons.svg: our name → the Fluent System Icon it is drawn from (20 px, regular)."""

SAME_NAME = """
home people person building headset receipt key phone mail search settings globe warning info dismiss add delete edit
copy filter calendar clock history apps document navigation open eye pulse cart tag money chat beaker link send print
fingerprint star folder flag wrench box branch organization list table prohibited hourglass server certificate comment
book code board lightbulb circle shield
""".split()
HYPHENATED = """
person-add person-key person-accounts person-circle shield-task shield-keyhole shield-error sign-out chevron-right
chevron-down chevron-left chevron-up arrow-right arrow-left arrow-down arrow-up arrow-sort arrow-sync arrow-reset
document-text heart-pulse qr-code phone-key people-team globe-shield mail-inbox plug-connected lock-open
""".split()
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
