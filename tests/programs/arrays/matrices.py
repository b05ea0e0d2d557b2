"""Factorisations, products, distances."""

from __future__ import annotations

import numpy as np

from tests.programs.idioms import Idiom, collecting

rng = np.random.default_rng(11)
PROGRAMS: list[Idiom] = []
at = collecting(PROGRAMS)

V = rng.uniform(0.2, 1.5, 6)
M = rng.uniform(-1.0, 1.0, (4, 3))
S = M.T @ M + np.eye(3)


@at(M)
def gram_schmidt(a):
    basis = []
    for column in a.T:
        for b in basis:
            column = column - np.vdot(b, column) * b
        basis.append(column / np.linalg.norm(column))
    q = np.column_stack(basis)
    return np.sum(q**3)


@at(rng.uniform(-1, 1, (2, 3, 3)), rng.uniform(-1, 1, (2, 3)))
def batched_solves(a, b):
    spd = a @ np.swapaxes(a, -1, -2) + np.eye(3)
    x = np.linalg.solve(spd, b[..., None])[..., 0]
    return np.einsum("bi,bij,bj->", x, spd, x) + np.sum(np.linalg.inv(spd)[:, 0, 1])


@at(rng.uniform(-1, 1, (2, 4, 3)), rng.uniform(-1, 1, (2, 4, 3)), rng.uniform(-1, 1, (2, 4, 3)))
def einsum_attention(q, k, v):
    scores = np.einsum("hid,hjd->hij", q, k) / np.sqrt(q.shape[-1])
    scores = np.where(np.tri(4, dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(-1, keepdims=True))
    weights /= weights.sum(-1, keepdims=True)
    return np.sum(np.einsum("hij,hjd->hid", weights, v) ** 2)


@at(S)
def gaussian_entropy(cov):
    sign, logdet = np.linalg.slogdet(cov)
    return 0.5 * sign * logdet + 0.5 * np.log(np.linalg.det(2.0 * np.pi * np.e * cov))


@at(M)
def pairwise_distances(x):
    diff = x[:, np.newaxis] - x[np.newaxis]
    d2 = np.sum(diff**2, axis=-1)
    i, j = np.triu_indices(len(x), k=1)
    return np.sum(np.sqrt(d2[i, j])) + np.sum(np.exp(-d2))


@at(M)
def soft_nearest(x):
    norms = np.linalg.norm(x, axis=1)
    cosine = x @ x.T / np.outer(norms, norms)
    np.fill_diagonal(cosine, -1.0)
    return np.sum(np.log1p(np.exp(4.0 * cosine)))


@at(M)
def whitened(x):
    centred = x - x.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(x) + 0.1 * np.eye(3))
    white = centred @ vectors / np.sqrt(values)
    return np.sum(white**4)


@at(M)
def low_rank(x):
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    approximation = (u[:, :2] * s[:2]) @ vt[:2]
    return np.sum((x - approximation) ** 2) + np.linalg.norm(x, "nuc") + np.linalg.norm(x, 2)


@at(S, np.array([1.0, -0.5, 0.3]))
def mahalanobis(root, d):
    cov = root @ root.T
    lower = np.linalg.cholesky(cov)
    z = np.linalg.solve(lower, d)
    return 0.5 * z @ z + np.log(np.diagonal(lower)).sum()


@at(V, rng.uniform(0.5, 1.0, 6))
def rotations(theta, r):
    c, s = np.cos(theta), np.sin(theta)
    turn = np.array([[c, -s], [s, c]]).transpose(2, 0, 1)
    points = np.stack([r, r**2], axis=-1)
    moved = np.squeeze(turn @ points[..., None], -1)
    return np.sum(moved[:, 0] * moved[::-1, 1])


@at(rng.uniform(-1, 1, 4), rng.uniform(-1, 1, 4))
def quaternion_product(p, q):
    a, u = p[0], p[1:]
    b, v = q[0], q[1:]
    w = a * b - np.dot(u, v)
    xyz = a * v + b * u + np.cross(u, v)
    out = np.r_[w, xyz]
    return np.sum(out**2) / np.linalg.norm(out)


@at(V)
def kron_structure(x):
    a = np.diag(x[:2]) + 0.1
    b = np.tril(np.outer(x[2:4], x[4:]))
    return np.trace(np.kron(a, b) @ np.kron(b, a)) + np.kron(x[:2], x[2:]).sum()


@at(M)
def block_system(a):
    top = np.hstack([a, np.ones((4, 1))])
    full = np.block([[top], [np.zeros((1, 3)), np.full((1, 1), 2.0)]])
    return np.sum(np.rot90(full) * np.flipud(full.T)) + full.ravel(order="F")[3]


@at(V)
def tensor_contractions(x):
    t = np.multiply.outer(np.multiply.outer(x[:2], x[2:4]), x[4:])
    return np.tensordot(t, t, axes=([0, 2], [0, 2])).sum() + np.einsum("ijk->", t) * np.inner(x, x)


@at(M)
def triangular_parts(a):
    square = a.T @ a
    upper, lower = np.triu(square, 1), np.tril(square, -1)
    return np.sum(upper @ lower) + square[np.tril_indices(3)].sum() + square[np.diag_indices(3)].prod()


@at(V)
def matrix_functions(x):
    a = np.array([[x[0], x[1]], [x[2], x[3]]]) + np.eye(2)
    return (
        np.linalg.matrix_power(a, 3).trace()
        + np.linalg.pinv(a).sum()
        + np.linalg.cond(a, "fro")
        + np.linalg.multi_dot([a, a.T, x[4:]]).sum()
    )


@at(M)
def broadcast_norms(x):
    unit = x / np.linalg.norm(x, axis=1, keepdims=True, ord=3)
    return np.sum(np.broadcast_to(unit.sum(axis=0), (2, 3)) ** 2) + np.linalg.norm(x, ord=np.inf) + np.ptp(x)
