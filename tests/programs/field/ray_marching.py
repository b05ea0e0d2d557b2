"""Computer graphics: a shaded sphere and ground plane by sphere tracing a signed distance field."""

import math


def scene(x, y, z, radius, height):
    sphere = math.sqrt(x * x + y * y + z * z) - radius
    ground = y + height
    k = 0.3
    h = max(k - abs(sphere - ground), 0.0) / k
    return min(sphere, ground) - 0.25 * h * h * k


def normal(x, y, z, radius, height):
    eps = 1e-3
    nx = scene(x + eps, y, z, radius, height) - scene(x - eps, y, z, radius, height)
    ny = scene(x, y + eps, z, radius, height) - scene(x, y - eps, z, radius, height)
    nz = scene(x, y, z + eps, radius, height) - scene(x, y, z - eps, radius, height)
    length = math.sqrt(nx * nx + ny * ny + nz * nz)
    return nx / length, ny / length, nz / length


def render(radius, height, light_x, light_y, pixels):
    total = 0.0
    for i in range(pixels):
        u = (i + 0.5) / pixels - 0.5
        length = math.sqrt(u * u + 0.01 + 1.0)
        dx, dy, dz = u / length, -0.1 / length, 1.0 / length
        t = 0.0
        hit = False
        for _ in range(24):
            d = scene(t * dx, t * dy, t * dz - 3.0, radius, height)
            t += d
            if d < 1e-4:
                hit = True
                break
            if t > 20.0:
                break
        if not hit:
            continue
        nx, ny, nz = normal(t * dx, t * dy, t * dz - 3.0, radius, height)
        lz = -0.5
        diffuse = (nx * light_x + ny * light_y + nz * lz) / math.sqrt(light_x**2 + light_y**2 + lz**2)
        total += max(diffuse, 0.0) * math.exp(-0.1 * t)
    return total / pixels


def arguments(rng, pixels):
    return 1.0, 1.3, 0.4, 0.8, pixels


PROGRAM = render
SIZES = (5, 30)
