"""Photogrammetry: reprojection residuals of bundle adjustment, Rodrigues rotations and radial distortion."""

import numpy as np


def rotate(points, rotation_vector):
    theta = np.linalg.norm(rotation_vector)
    axis = rotation_vector / theta
    cos, sin = np.cos(theta), np.sin(theta)
    dot = points @ axis
    return points * cos + np.cross(axis, points) * sin + np.outer(dot, axis) * (1 - cos)


def project(points, camera):
    p = rotate(points, camera[:3]) + camera[3:6]
    xy = -p[:, :2] / p[:, 2, np.newaxis]
    focal, k1, k2 = camera[6:]
    r2 = np.sum(xy**2, axis=1)
    distortion = 1.0 + k1 * r2 + k2 * r2**2
    return focal * distortion[:, np.newaxis] * xy


def cost(cameras, points, observations):
    total = 0.0
    for camera, observed in zip(cameras, observations):
        residual = project(points, camera) - observed
        squared = np.sum(residual**2, axis=1)
        total += np.sum(np.log1p(squared))
    return 0.5 * total


def arguments(rng, n):
    cameras = rng.normal(size=(2, 9)) * 0.1 + np.array([0.3, 0.2, 0.1, 0, 0, -5.0, 1.0, 0.0, 0.0])
    return cameras, rng.normal(size=(n, 3)), rng.normal(size=(2, n, 2)) * 0.3


PROGRAM = cost
SIZES = (4, 200)
