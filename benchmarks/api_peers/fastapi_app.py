"""FastAPI with SQLAlchemy's ORM over psycopg, a session a request, and PyJWT."""

import os
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from benchmarks.api_peers import AUDIENCE, PUBLIC_KEY, item
from benchmarks.api_peers.shapes import Page

engine = create_engine(os.environ["DATABASE_URL"].replace("postgres://", "postgresql+psycopg://"))
sessions = sessionmaker(engine)
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers_customer"
    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[UUID]
    partner_id: Mapped[UUID]
    company_name: Mapped[str]
    domain: Mapped[str]
    relationship_to_partner: Mapped[str]


def database() -> Iterator[Session]:
    with sessions() as session:
        yield session


def claims(credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> dict[str, Any]:
    try:
        return jwt.decode(credentials.credentials, PUBLIC_KEY, algorithms=["RS256"], audience=AUDIENCE)
    except jwt.PyJWTError as error:
        raise HTTPException(401, "invalid token") from error


@app.get("/customers", response_model=Page)
def customers(
    caller: Annotated[dict[str, Any], Depends(claims)],
    session: Annotated[Session, Depends(database)],
    size: int = 100,
) -> dict[str, Any]:
    found = (
        select(Customer)
        .where(Customer.partner_id == UUID(caller["tid"]))
        .order_by(Customer.company_name, Customer.id)
        .limit(size)
    )
    items = [
        item(str(row.tenant_id), row.domain, row.company_name, row.relationship_to_partner)
        for row in session.scalars(found)
    ]
    return {"items": items}
