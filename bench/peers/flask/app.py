"""The sample API as REST, with Flask-Limiter and Flask-Caching as their documentation sets them up."""

import os
import sqlite3
import threading

import jwt
from argon2 import PasswordHasher
from flask import Flask, g, jsonify, request
from flask_caching import Cache
from flask_limiter import Limiter

DATABASE = os.environ["DATABASE"]
LIMIT = f"{os.environ['LIMIT']} per {os.environ['DURATION']} seconds"
SECRET = os.environ["JWT_SECRET"]

# As expensive as what Sluice does.
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
connections = threading.local()


def connection():
    if not hasattr(connections, "sqlite"):
        connections.sqlite = sqlite3.connect(DATABASE, isolation_level=None)
        connections.sqlite.execute("PRAGMA journal_mode = WAL")
        connections.sqlite.execute("PRAGMA synchronous = NORMAL")
        connections.sqlite.row_factory = sqlite3.Row
    return connections.sqlite


def find_users():
    rows = connection().execute("SELECT id, name, email FROM users WHERE id > 0 ORDER BY id LIMIT 20")
    return [as_user(row) for row in rows]


def find_user(user_id):
    return as_user(connection().execute("SELECT id, name, email FROM users WHERE id = ?", (user_id,)).fetchone())


def as_user(row):
    return {"id": str(row["id"]), "name": row["name"], "email": row["email"]}


def caller():
    return g.user_id or request.remote_addr


app = Flask(__name__)


# Before the limiter is there, which looks at each request in its turn and counts by the caller.
@app.before_request
def identify():
    g.user_id = None
    authorization = request.headers.get("Authorization")
    if authorization is not None:
        token = authorization.removeprefix("Bearer ")
        claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer="sluice", audience="sluice")
        g.user_id = claims["sub"]


limiter = Limiter(caller, app=app, storage_uri="memory://")
cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})


@app.get("/users")
@cache.cached(timeout=60)
def users():
    return jsonify(data={"users": find_users()})


@app.get("/me/users")
@limiter.limit(LIMIT)
@cache.cached(timeout=60, key_prefix=lambda: f"{request.path}:{g.user_id}")
def my_users():
    return jsonify(data={"me": find_user(g.user_id), "users": find_users()})


@app.get("/products")
@limiter.limit(LIMIT)
def products():
    rows = connection().execute("SELECT id, name, price_cents FROM products WHERE id > 0 ORDER BY id LIMIT 100")
    found = [{"id": str(row["id"]), "name": row["name"], "price": row["price_cents"] / 100} for row in rows]
    return jsonify(data={"products": found})


@app.post("/users")
@limiter.limit(LIMIT)
def create_user():
    asked = request.get_json()
    row = connection().execute(
        "INSERT INTO users (name, email, email_key, password_hash) VALUES (?, ?, ?, ?) RETURNING id, name, email",
        (asked["name"], asked["email"], asked["email"].lower(), hasher.hash(asked["password"])),
    ).fetchone()
    return jsonify(data={"createUser": as_user(row)}), 201
