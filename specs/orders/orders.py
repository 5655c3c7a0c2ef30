"""A shop's orders of the day as one web page: what the quick start installs and asks for."""

import configparser
import os
import sys

import numpy
from flask import Flask

ORDERS = {"coffee": [2.5, 2.5, 3.0], "bread": [4.2, 3.9], "cheese": [12.0]}

app = Flask(__name__)
config = configparser.ConfigParser()
config.read_dict({"shop": {"title": "Orders", "currency": "EUR"}})
config.read(os.environ.get("ORDERS_CONFIG", "orders.ini"))


@app.get("/")
def orders():
    shop = config["shop"]
    rows = [f"{name:8} {numpy.sum(prices):8.2f} {shop['currency']}" for name, prices in ORDERS.items()]
    total = numpy.concatenate(list(ORDERS.values())).sum()
    lines = [shop["title"], *rows, f"{'total':8} {total:8.2f} {shop['currency']}", f"served from {sys.prefix}"]
    return "\n".join(lines) + "\n", {"Content-Type": "text/plain; charset=utf-8"}


@app.get("/health")
def health():
    return {"status": "ok"}
