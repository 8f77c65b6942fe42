"""A bare checkout-like transaction of six statements, by eight clients at once: what the database alone can do.

Lock five stock rows, lower them, write an order, its lines, an entry, its postings. Prints, as JSON, the
transactions per second and the version of the database.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

STOCK = 1000
TABLES = (
    "CREATE TABLE bench_stock (id integer PRIMARY KEY, on_hand integer NOT NULL)",
    "CREATE TABLE bench_order ({id}, ref text, total integer)",
    "CREATE TABLE bench_line ({id}, order_id integer, stock_id integer, quantity integer, total integer)",
    "CREATE TABLE bench_entry ({id}, about text)",
    "CREATE TABLE bench_posting ({id}, entry_id integer, account integer, amount integer)",
)


def main() -> None:
    seconds, clients = float(sys.argv[1]), 8
    connect, mark, lock, key = _postgres() if os.environ.get("DATABASE_URL") else _sqlite()
    with connect() as connection:
        for table in TABLES:
            connection.execute(table.format(id=key))
        for number in range(STOCK):
            connection.execute(f"INSERT INTO bench_stock VALUES ({number}, 1000000)")
        connection.commit()
    end, counts = time.perf_counter() + seconds, [0] * clients

    def client(number: int) -> None:
        connection = connect()
        while time.perf_counter() < end:
            _transaction(connection, mark, lock)
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    version = sqlite3.sqlite_version if mark == "?" else psycopg.connect(os.environ["DATABASE_URL"]).info.server_version
    json.dump({"per_second": sum(counts) / seconds, "version": str(version)}, sys.stdout)


def _transaction(connection, mark: str, lock: str) -> None:
    ids = sorted(random.sample(range(STOCK), 5))
    some = ", ".join([mark] * 5)
    run: Callable = connection.execute
    run("BEGIN IMMEDIATE" if mark == "?" else "BEGIN")
    run(f"SELECT id, on_hand FROM bench_stock WHERE id IN ({some}) ORDER BY id{lock}", ids).fetchall()
    run(f"UPDATE bench_stock SET on_hand = on_hand - 1 WHERE id IN ({some})", ids)
    [order_id] = run(f"INSERT INTO bench_order (ref, total) VALUES ({mark}, 1) RETURNING id", ["R7K2"]).fetchone()
    rows, values = ", ".join([f"({mark}, {mark}, 1, 1)"] * 5), [value for one in ids for value in (order_id, one)]
    run(f"INSERT INTO bench_line (order_id, stock_id, quantity, total) VALUES {rows}", values)
    [entry_id] = run(f"INSERT INTO bench_entry (about) VALUES ({mark}) RETURNING id", [f"order:{order_id}"]).fetchone()
    postings = ", ".join([f"({mark}, 1, 1)"] * 4)
    run(f"INSERT INTO bench_posting (entry_id, account, amount) VALUES {postings}", [entry_id] * 4)
    run("COMMIT")


def _postgres():
    url = os.environ["DATABASE_URL"]
    key = "id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    return lambda: psycopg.connect(url, autocommit=True), "%s", " FOR UPDATE", key


def _sqlite():
    path = Path(os.environ["BOCAGE_VAR"]) / "reference.sqlite3"

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=20, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    return connect, "?", "", "id integer PRIMARY KEY"


if __name__ == "__main__":
    main()
