"""The arithmetic of "shops like yours sell …" and "bought together": sparse matrices in, few good ones out; no tables.

Products are alike when the same shops sell them (cosine between products, each shop counting less the wider its range,
shrunk where few shops know them: Sarwar et al. 2001; Deshpande and Karypis 2004). Each keeps its twenty nearest.
A product scores for a shop by how near it is to what the shop sold lately, times how many shops sold it lately.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

NEAR = 20
SHRINK = 0.5
HALF_LIFE = 60  # days after which a sale counts half
LATELY = 30  # days
BLOCK = 500  # rows at a time, so that memory stays small


@dataclass(frozen=True, slots=True)
class Sales:
    """Which shop (row) sold which product (column), and how many days ago; one entry for each day it did."""

    shop: Any
    product: Any
    ago: Any
    shops: int
    products: int

    def matrix(self, weights: Any) -> Any:
        return sparse.csr_matrix((weights, (self.shop, self.product)), shape=(self.shops, self.products))

    def before(self, days: int) -> Sales:
        """Give what was known so many days ago."""
        kept = self.ago >= days
        return Sales(self.shop[kept], self.product[kept], self.ago[kept] - days, self.shops, self.products)


@dataclass(frozen=True, slots=True)
class Pick:
    """A product for a shop; ``because`` is what it sold that is nearest, −1 where it is only much sold lately."""

    shop: int
    product: int
    score: float
    because: int


def similar(sales: Sales, near: int = NEAR) -> Any:
    """Give how near products are to each other: each row keeps its nearest."""
    sold = _sold(sales)
    width = np.sqrt(np.maximum(np.asarray(sold.sum(1)).ravel(), 1))
    even = (sparse.diags(1 / width) @ sold).tocsc()
    size = np.sqrt(np.asarray(even.multiply(even).sum(0)).ravel())
    rows = [_nearest(even, size, begin, near) for begin in range(0, sales.products, BLOCK)]
    return sparse.vstack(rows).tocsr() if rows else sparse.csr_matrix((0, 0))


def _sold(sales: Sales) -> Any:
    sold = sales.matrix(np.ones(len(sales.shop)))
    sold.data[:] = 1
    return sold


def _nearest(even: Any, size: Any, begin: int, near: int) -> Any:
    block = np.asarray((even[:, begin : begin + BLOCK].T @ even).todense())
    block /= np.outer(size[begin : begin + BLOCK], size) + SHRINK
    block[np.arange(len(block)), np.arange(begin, begin + len(block))] = 0
    if near < block.shape[1]:
        block[block < np.partition(block, -near, axis=1)[:, -near][:, None]] = 0
    return sparse.csr_matrix(block)


def picks(sales: Sales, most: int, aisle: Any = None) -> Iterator[Pick]:
    """Give each shop its best products among those it has not sold; ``aisle`` is each product's category.

    Where nothing is near – a shop that sold little – what is much sold lately comes next, of its categories first.
    """
    near = similar(sales)
    taste = sales.matrix(0.5 ** (sales.ago / HALF_LIFE)) + 0.1 * _sold(sales)
    lately = much_sold(sales)
    liking = _liking(taste, aisle)
    sold = _sold(sales)
    for begin in range(0, sales.shops, BLOCK):
        mine = taste[begin : begin + BLOCK]
        score = np.asarray((mine @ near).todense()) * (lately + 0.1)
        filler = lately / (lately.max() + 1) * (0.1 + liking[begin : begin + BLOCK]) * 1e-6
        every = score + filler
        every[np.asarray(sold[begin : begin + BLOCK].todense()) > 0] = -1
        yield from _best(every, score, mine, near, begin, most)


def much_sold(sales: Sales) -> Any:
    """Give how many shops sold each product lately."""
    return np.asarray(_sold(_late(sales)).sum(0)).ravel()


def _late(sales: Sales) -> Sales:
    kept = sales.ago <= LATELY
    return Sales(sales.shop[kept], sales.product[kept], sales.ago[kept], sales.shops, sales.products)


def _liking(taste: Any, aisle: Any) -> Any:
    """Give how much of what a shop sells is of each product's category: shops × products."""
    if aisle is None:
        return np.ones((taste.shape[0], taste.shape[1]))
    _names, at = np.unique(aisle, return_inverse=True)
    member = sparse.csr_matrix((np.ones(len(at)), (np.arange(len(at)), at)))
    share = np.asarray((taste @ member).todense())
    return (share / np.maximum(share.sum(1, keepdims=True), 1e-9))[:, at]


def _best(every: Any, score: Any, mine: Any, near: Any, begin: int, most: int) -> Iterator[Pick]:
    top = np.argsort(-every, axis=1, kind="stable")[:, :most]
    columns = near.tocsc()
    for row, chosen in enumerate(top):
        taste = np.asarray(mine[row].todense()).ravel()
        for product in chosen:
            if every[row, product] <= 0:
                continue
            close = columns[:, product]
            parts = taste[close.indices] * close.data
            because = int(close.indices[parts.argmax()]) if score[row, product] > 0 and len(parts) else -1
            yield Pick(begin + row, int(product), float(every[row, product]), because)


# --- How well it did ------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Hits:
    """Of ``shops`` that took on something new after the day looked back to: how many found one of it among ``most``.

    ``advice``: in ours; ``best``: in the list of what most shops ever sold; ``lately``: of what most sold lately.
    """

    shops: int
    most: int
    advice: int
    best: int
    lately: int


def look_back(sales: Sales, days: int = LATELY, most: int = 20) -> Hits:
    """Hide the last days, advise, and count the shops whose new products of these days were among the advice."""
    then = sales.before(days)
    late = sales.ago < days
    fresh = Sales(sales.shop[late], sales.product[late], sales.ago[late], sales.shops, sales.products)
    known = np.asarray(_sold(then).sum(0)).ravel() > 0
    new = (_sold(fresh) - _sold(fresh).multiply(_sold(then))).tocsr()
    advised: dict[int, set[int]] = {}
    for pick in picks(then, most):
        advised.setdefault(pick.shop, set()).add(pick.product)
    ever, lately, sold = (np.asarray(_sold(then).sum(0)).ravel(), much_sold(then), _sold(then))
    counted, hits = 0, [0, 0, 0]
    for shop in range(sales.shops):
        took = {int(each) for each in new[shop].indices[new[shop].data > 0] if known[each]}
        if not took or not sold[shop].nnz:
            continue
        counted += 1
        mine = sold[shop].indices
        lists = (advised.get(shop, set()), _top(ever, mine, most), _top(lately, mine, most))
        hits = [n + bool(took & each) for n, each in zip(hits, lists, strict=True)]
    return Hits(counted, most, *hits)


def _top(counts: Any, without: Any, most: int) -> set[int]:
    left = counts.astype(float).copy()
    left[without] = -1
    return {int(each) for each in np.argsort(-left, kind="stable")[:most] if left[each] > 0}


# --- Bought together --------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Pair:
    """Of ``first`` orders with the one product, ``both`` had the other too: ``lift`` times what chance would give."""

    product: int
    other: int
    both: int
    first: int
    lift: float


def pairs(order: Any, product: Any, orders: int, products: int, least: int, lift: float = 1.5) -> Iterator[Pair]:
    """Give the pairs found in ``least`` orders or more that even at the low end of chance beat ``lift``.

    The low end: 1.28 standard errors below what was seen (Wilson 1927). Both directions of a pair are given.
    """
    held = sparse.csr_matrix((np.ones(len(order)), (order, product)), shape=(orders, products))
    held.data[:] = 1
    often = np.asarray(held.sum(0)).ravel()
    both = (held.T @ held).tocoo()
    for one, two, count in zip(both.row, both.col, both.data, strict=True):
        if one == two or count < least:
            continue
        chance = often[two] / orders
        if _low(count, often[one]) / chance >= lift:
            yield Pair(int(one), int(two), int(count), int(often[one]), float(count / often[one] / chance))


def _low(hits: float, of: float, z: float = 1.28) -> float:
    part = hits / of
    middle, away = part + z * z / (2 * of), z * np.sqrt(part * (1 - part) / of + z * z / (4 * of * of))
    return float((middle - away) / (1 + z * z / of))
