"""Quantum chemistry: energy of a closed-shell self-consistent field with a model two-electron tensor."""

import numpy as np


def symmetric(M):
    return 0.5 * (M + M.T)


def density(F, S_inv_half, occupied):
    Fp = symmetric(S_inv_half.T @ F @ S_inv_half)
    _, C = np.linalg.eigh(Fp)
    C = S_inv_half @ C
    return 2.0 * C[:, :occupied] @ C[:, :occupied].T


def scf_energy(H, S, eri, occupied, cycles):
    w, V = np.linalg.eigh(symmetric(S))
    X = V @ np.diag(w**-0.5) @ V.T
    D = density(H, X, occupied)
    for _ in range(cycles):
        J = np.einsum("pqrs,rs->pq", eri, D)
        K = np.einsum("prqs,rs->pq", eri, D)
        F = H + J - 0.5 * K
        D = 0.5 * D + 0.5 * density(F, X, occupied)
    return 0.5 * np.trace(D @ (H + F))


def arguments(rng, n):
    H = rng.normal(size=(n, n))
    B = 0.1 * rng.normal(size=(n, n))
    T = rng.normal(size=(n, n, n))
    eri = 0.02 * np.einsum("pqm,rsm->pqrs", T + T.transpose(1, 0, 2), T + T.transpose(1, 0, 2))
    return H + H.T - 3.0 * np.diag(np.arange(n, 0, -1)), np.eye(n) + B @ B.T, eri, 1, 4


PROGRAM = scf_energy
SIZES = (3, 8)
