import numpy as np
from gradscribe.runtime.lists import zeros_like


def total_grad(xs, masses, points):
    """Gradient of `total` with respect to `xs`, `masses`.

    For xs: float64[:], masses: float64[:], points: float64[:].
    """
    cell, cell_centre, cell_mass, cell_halves, residuals = build_forward(xs, masses, [], [], [])  # tree_code.py:35
    residuals_saved = []                                                         # tree_code.py:37
    for point in points:                                                         # tree_code.py:37
        residuals_1 = potential_forward(cell, point, 4.0, cell_centre, cell_halves, cell_mass)  # tree_code.py:38
        residuals_saved.append(residuals_1)                                      # tree_code.py:38
    d_cell_centre = zeros_like(cell_centre)                                      # tree_code.py:37
    d_cell_mass = zeros_like(cell_mass)                                          # tree_code.py:37
    for point, residuals_1 in zip(reversed(points), reversed(residuals_saved)):  # tree_code.py:37
        d_cell_centre, d_cell_mass = potential_reverse(                          # tree_code.py:38
            residuals_1, cell, point, cell_centre, cell_halves, 1.0, d_cell_centre, d_cell_mass
        )
    d_xs, d_masses, _, _ = build_reverse(                                        # tree_code.py:35
        residuals, xs, masses, d_cell_centre, d_cell_mass, np.zeros_like(xs), np.zeros_like(masses)
    )
    return d_xs, d_masses


def build_forward(xs, masses, cell_centre, cell_mass, cell_halves):
    """`build`, also returning what its derivative needs.

    For xs: float64[:], masses: float64[:], cell_centre: list[np.float64],
    cell_mass: list[np.float64], cell_halves: list[list[Cell]].
    """
    if len(xs) == 1:                                                                      # tree_code.py:16
        xs_0 = xs[0]                                                                      # tree_code.py:17
        masses_0 = masses[0]                                                              # tree_code.py:17
        row = len(cell_centre)                                                            # tree_code.py:17
        cell_centre.append(xs_0)                                                          # tree_code.py:17
        cell_mass.append(masses_0)                                                        # tree_code.py:17
        cell_halves.append([])                                                            # tree_code.py:17
        result = row                                                                      # tree_code.py:17
        left = right = mass = t = t_1 = t_2 = t_3 = t_4 = residuals = residuals_1 = None  # tree_code.py:16
    else:
        middle = len(xs) // 2                                                             # tree_code.py:18
        left, cell_centre, cell_mass, cell_halves, residuals_1 = build_forward(           # tree_code.py:19
            xs[:middle], masses[:middle], cell_centre, cell_mass, cell_halves
        )
        right, cell_centre, cell_mass, cell_halves, residuals = build_forward(            # tree_code.py:19
            xs[middle:], masses[middle:], cell_centre, cell_mass, cell_halves
        )
        mass = cell_mass[left] + cell_mass[right]                                         # tree_code.py:20
        t_4 = cell_centre[left]                                                           # tree_code.py:21
        t_3 = cell_mass[left]                                                             # tree_code.py:21
        t = t_4 * t_3                                                                     # tree_code.py:21
        t_2 = cell_centre[right]                                                          # tree_code.py:21
        t_1 = cell_mass[right]                                                            # tree_code.py:21
        t = (t + t_2 * t_1) / mass                                                        # tree_code.py:21
        row = len(cell_centre)                                                            # tree_code.py:21
        cell_centre.append(t)                                                             # tree_code.py:21
        cell_mass.append(mass)                                                            # tree_code.py:21
        cell_halves.append([left, right])                                                 # tree_code.py:21
        result = row                                                                      # tree_code.py:21
    residuals = left, right, mass, t, t_1, t_2, t_3, t_4, residuals, residuals_1
    return result, cell_centre, cell_mass, cell_halves, residuals


def potential_forward(cell, x, size, cell_centre, cell_halves, cell_mass):
    """`potential`, also returning what its derivative needs.

    For cell: Cell, x: np.float64, size: float, cell_centre: list[np.float64],
    cell_halves: list[list[Cell]], cell_mass: list[np.float64].
    """
    distance = np.sqrt((x - cell_centre[cell]) ** 2 + 0.01)     # tree_code.py:25
    test = not len(cell_halves[cell]) or size < 0.7 * distance  # tree_code.py:26
    if test:                                                    # tree_code.py:26
        t = cell_mass[cell] / distance                          # tree_code.py:27
        n = residuals_saved = None                              # tree_code.py:26
    else:
        t = cell_halves[cell]                                   # tree_code.py:29
        n = len(t)                                              # tree_code.py:29
        residuals_saved = []                                    # tree_code.py:29
        for half in t:                                          # tree_code.py:29
            residuals = potential_forward(half, x, size / 2, cell_centre, cell_halves, cell_mass)  # tree_code.py:30
            residuals_saved.append(residuals)                   # tree_code.py:30
        t = None                                                # tree_code.py:26
    residuals = test, t, n, residuals_saved, distance
    return residuals


def potential_reverse(residuals, cell, x, cell_centre, cell_halves, d_out, d_cell_centre, d_cell_mass):
    """Pull the cotangent of `potential` back to its arguments.

    For residuals: tuple, cell: Cell, x: np.float64, cell_centre: list[np.float64],
    cell_halves: list[list[Cell]], d_out: np.float64, d_cell_centre: list[np.float64],
    d_cell_mass: list[np.float64].
    """
    test, t, n, residuals_saved, distance = residuals                            # tree_code.py:24
    cell_1 = cell                                                                # tree_code.py:25
    t_1 = x - cell_centre[cell_1]                                                # tree_code.py:25
    if test:                                                                     # tree_code.py:26
        d_distance = -d_out * t / distance                                       # tree_code.py:27
        d_cell_mass[cell] += d_out / distance                                    # tree_code.py:27
    else:
        t = cell_halves[cell]                                                    # tree_code.py:29
        d_out = float(d_out)                                                     # tree_code.py:29
        for i, residuals in zip(reversed(range(n)), reversed(residuals_saved)):  # tree_code.py:29
            half = t[i]                                                          # tree_code.py:29
            d_cell_centre, d_cell_mass = potential_reverse(                      # tree_code.py:30
                residuals, half, x, cell_centre, cell_halves, d_out, d_cell_centre, d_cell_mass
            )
        d_distance = 0.0                                                         # tree_code.py:26
    d_cell_centre[cell_1] -= d_distance / distance * t_1                         # tree_code.py:25
    return d_cell_centre, d_cell_mass


def build_reverse(residuals, xs, masses, d_cell_centre, d_cell_mass, d_xs, d_masses):
    """Pull the cotangent of `build` back to its arguments.

    For residuals: tuple, xs: float64[:], masses: float64[:], d_cell_centre: list[np.float64],
    d_cell_mass: list[np.float64], d_xs: float64[:], d_masses: float64[:].
    """
    left, right, mass, t, t_1, t_2, t_3, t_4, residuals, residuals_1 = residuals  # tree_code.py:15
    if len(xs) == 1:                                                              # tree_code.py:16
        t = d_cell_mass.pop()                                                     # tree_code.py:17
        t_1 = d_cell_centre.pop()                                                 # tree_code.py:17
        d_xs[0] += t_1                                                            # tree_code.py:17
        d_masses[0] += t                                                          # tree_code.py:17
    else:
        middle = len(xs) // 2                                                     # tree_code.py:18
        t_5 = xs[:middle]                                                         # tree_code.py:19
        t_6 = masses[:middle]                                                     # tree_code.py:19
        t_7 = xs[middle:]                                                         # tree_code.py:19
        t_8 = masses[middle:]                                                     # tree_code.py:19
        t_9 = d_cell_mass.pop()                                                   # tree_code.py:21
        t_10 = d_cell_centre.pop()                                                # tree_code.py:21
        t_11 = t_10 / mass                                                        # tree_code.py:21
        d_mass = t_9 - t_10 * t / mass                                            # tree_code.py:21
        d_cell_centre[left] += t_11 * t_3                                         # tree_code.py:21
        d_cell_centre[right] += t_11 * t_1                                        # tree_code.py:21
        d_cell_mass[left] += d_mass                                               # tree_code.py:20
        d_cell_mass[right] += d_mass                                              # tree_code.py:20
        d_cell_mass[left] += t_11 * t_4                                           # tree_code.py:21
        d_cell_mass[right] += t_11 * t_2                                          # tree_code.py:21
        t, t_1, d_cell_centre, d_cell_mass = build_reverse(                       # tree_code.py:19
            residuals, t_7, t_8, d_cell_centre, d_cell_mass, np.zeros_like(t_7), np.zeros_like(t_8)
        )
        t_2, t_3, d_cell_centre, d_cell_mass = build_reverse(                     # tree_code.py:19
            residuals_1,
            t_5,
            t_6,
            d_cell_centre,
            d_cell_mass,
            np.zeros_like(t_5),
            np.zeros_like(t_6),
        )
        d_xs[:middle] += t_2                                                      # tree_code.py:19
        d_xs[middle:] += t                                                        # tree_code.py:19
        d_masses[:middle] += t_3                                                  # tree_code.py:19
        d_masses[middle:] += t_1                                                  # tree_code.py:19
    return d_xs, d_masses, d_cell_centre, d_cell_mass
