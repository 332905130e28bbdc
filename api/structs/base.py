"""What every resource of the REST API has in common: camel case names, links, attributes, collections."""

from typing import Generic, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

T = TypeVar("T")


class Shape(msgspec.Struct, rename="camel", frozen=True):
    """Anything on the wire. A field that is UNSET is left out; one that is None is `null`."""


class Header(Shape, frozen=True):
    key: str
    value: str


class Link(Shape, frozen=True):
    """`uri` is relative to the version: `/customers?size=40`. Clients read `headers` without asking for it first."""

    uri: str
    method: str = "GET"
    headers: list[Header] = []


class Links(Shape, frozen=True):
    self_: Link | UnsetType = msgspec.field(default=UNSET, name="self")
    next: Link | UnsetType = UNSET
    previous: Link | UnsetType = UNSET


class Attributes(Shape, frozen=True):
    """`etag` stands where a change wants `If-Match`."""

    object_type: str
    etag: str | UnsetType = UNSET


class Collection(Shape, Generic[T], frozen=True):
    """One page of a list. The last page has no `links.next`."""

    total_count: int
    items: list[T]
    links: Links = Links()
    attributes: Attributes = Attributes(object_type="Collection")
    continuation_token: str | UnsetType = UNSET
