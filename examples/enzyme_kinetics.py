"""Nonlinear least squares with standard errors: the speed of an enzyme.

The Michaelis-Menten law v = V c / (K + c), with another V for cells treated with puromycin, is fitted to the
measurements of Treloar (1974), which Bates & Watts (1988) made a classic. The Jacobian is derived; nothing but
NumPy takes part in the fit.

Run:  python examples/enzyme_kinetics.py
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from rich.console import Console
from rich.table import Table

import gradscribe as gs

CONCENTRATION = np.array([0.02, 0.02, 0.06, 0.06, 0.11, 0.11, 0.22, 0.22, 0.56, 0.56, 1.10, 1.10])
TREATED = np.array([76.0, 47.0, 97.0, 107.0, 123.0, 139.0, 159.0, 152.0, 191.0, 201.0, 207.0, 200.0])
UNTREATED = np.array([67.0, 51.0, 84.0, 86.0, 98.0, 115.0, 131.0, 124.0, 144.0, 158.0, 160.0])

# Bates & Watts, Nonlinear Regression Analysis and Its Applications, table 3.1: treated cells alone.
PUBLISHED = {"V": (212.7, 6.95), "K": (0.0641, 0.00828)}


def velocity(params, c):
    """Speed of the reaction at a concentration."""
    return params["V"] * c / (params["K"] + c)


def alone(params, c, v):
    """Residuals of one kind of cells."""
    return velocity(params, c) - v


def together(params, c, treated, untreated):
    """Residuals of both kinds of cells, which share K but not V."""
    return {
        "treated": velocity({"V": params["V"][0], "K": params["K"]}, c) - treated,
        "untreated": velocity({"V": params["V"][1], "K": params["K"]}, c[:-1]) - untreated,
    }


def draw(params, path):
    """Measurements and curves."""
    figure = Figure(figsize=(6.0, 4.0), layout="constrained")
    axes = figure.add_subplot()
    c = np.linspace(0.0, 1.2, 200)
    for measured, V, name in ((TREATED, params["V"][0], "treated"), (UNTREATED, params["V"][1], "untreated")):
        (line,) = axes.plot(c, velocity({"V": V, "K": params["K"]}, c), label=name)
        axes.plot(CONCENTRATION[: measured.size], measured, "o", color=line.get_color())
    axes.set_xlabel("concentration of substrate, ppm")
    axes.set_ylabel("velocity, counts/min²")
    axes.legend()
    figure.savefig(path)


def main():
    """Fit treated cells alone, then both kinds together."""
    console = Console()
    result = gs.optim.least_squares(alone, {"V": 200.0, "K": 0.1}, CONCENTRATION, TREATED)
    console.print(str(result))
    table = Table("parameter", "estimate", "standard error", "published", title="treated cells")
    for name, (estimate, error) in PUBLISHED.items():
        found, uncertainty = result.params[name], result.standard_errors[name]
        table.add_row(name, f"{found:.5g}", f"{uncertainty:.3g}", f"{estimate} ± {error}")
        assert abs(found - estimate) < 1e-3 * estimate
        assert abs(uncertainty - error) < 2e-3 * error
    console.print(table)

    start = {"V": np.array([200.0, 150.0]), "K": 0.1}
    both = gs.optim.least_squares(together, start, CONCENTRATION, TREATED, UNTREATED)
    (V1, V2), (e1, e2) = both.params["V"], both.standard_errors["V"]
    gain = np.array([1.0, -1.0, 0.0]) @ both.covariance @ np.array([1.0, -1.0, 0.0])
    console.print(f"both: V = {V1:.1f} ± {e1:.1f} and {V2:.1f} ± {e2:.1f}, K = {both.params['K']:.4f}")
    console.print(f"puromycin speeds the reaction up by {V1 - V2:.1f} ± {np.sqrt(gain):.1f}")
    draw(both.params, "enzyme_kinetics.png")
    console.print("curves drawn in enzyme_kinetics.png")
    assert both.converged
    assert V1 - V2 > 4.0 * np.sqrt(gain)


if __name__ == "__main__":
    main()
