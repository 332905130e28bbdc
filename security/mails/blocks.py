"""What a mail is put together from, as text and as HTML. Nothing in it is taken for markup."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language

from mailing.services import Letter


@dataclass(frozen=True, slots=True)
class Block:
    """A sentence; with `url` it is the name of a link, with `items` the title of a list."""

    text: str
    items: Sequence[str] = ()
    url: str = ""


def letter(subject: str, blocks: Sequence[Block]) -> Letter:
    return Letter(subject, [_text(block) for block in blocks], _document(subject, blocks))


def _text(block: Block) -> str:
    first = f"{block.text}: {block.url}" if block.url else block.text
    return "\n".join([first, *(f"- {item}" for item in block.items)])


def _document(subject: str, blocks: Sequence[Block]) -> str:
    body = format_html_join("\n", "{}", ((_html(block),) for block in blocks))
    head = '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>\n'
    return format_html(head + "<body>\n{}\n</body></html>\n", get_language(), subject, body)


def _html(block: Block) -> str:
    if block.url:
        return format_html('<p><a href="{}">{}</a></p>', block.url, block.text)
    items = format_html_join("", "<li>{}</li>", ((item,) for item in block.items))
    return format_html("<p>{}</p>{}", block.text, format_html("<ul>{}</ul>", items) if items else "")
