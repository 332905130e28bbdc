"""The results of the API's benchmarks."""

from benchmarks.running import POSTGRESQL_ALONE, SQLITE, STORES, Row, measured, row

PEERS = {
    "plain": ("plain Django + PyJWT", 1.0),
    "drf": ("DRF + SimpleJWT", 2.5),
    "ninja": ("django-ninja", 2.0),
    "fastapi": ("FastAPI + SQLAlchemy + PyJWT", 2.0),
}
LOG_TARGET = 1.15
PAGE_TARGET = 1.20


def rows() -> list[Row]:
    return [*_list_rows(), *_log_rows(), *_page_rows()]


def _list_rows() -> list[Row]:
    found = measured("benchmarks.api", STORES)
    ours_to, per_second = found["ours_to"], found["per_second"]
    compared = [
        row(f"api-{peer}", f"API list of 25, requests a second, of {name}", ours_to[peer], target, at_least=True)
        for peer, (name, target) in PEERS.items()
    ]
    rates = [
        row(f"api-per-second-{name}", f"requests a second of two workers, {name}", rate, None)
        for name, rate in per_second.items()
    ]
    return compared + rates


def _log_rows() -> list[Row]:
    stores = {
        "sqlite": ("SQLite", SQLITE, LOG_TARGET),
        "postgresql": ("PostgreSQL + Redis", STORES, LOG_TARGET),
        "postgresql-alone": ("PostgreSQL alone", POSTGRESQL_ALONE, None),
    }
    results = []
    for key, (name, on, most) in stores.items():
        found = measured("benchmarks.api_log", on)
        results.append(row(f"api-log-{key}", f"log of calls on {name}, of the call", found["logged"], most))
        results.append(row(f"api-log-count-{key}", f"the same with the count of calls, {name}", found["both"], None))
    return results


def _page_rows() -> list[Row]:
    found = measured("benchmarks.api_pages", STORES)
    return [
        row(f"api-page-{name}", f"page of customers ({name}), of the fastest of them", ratio, PAGE_TARGET)
        for name, ratio in found.items()
    ]
