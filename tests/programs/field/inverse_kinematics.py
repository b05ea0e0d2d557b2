"""Robotics: distance of a planar arm's hand from a target, with joint limits as soft penalties."""

import numpy as np


def rotation(angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


def forward_kinematics(angles, lengths):
    position = np.zeros(2)
    frame = np.eye(2)
    joints = [position]
    for angle, length in zip(angles, lengths):
        frame = frame @ rotation(angle)
        position = position + frame @ np.array([length, 0.0])
        joints.append(position)
    return joints


def reaching_cost(angles, lengths, target, limit):
    joints = forward_kinematics(angles, lengths)
    hand = joints[-1]
    cost = np.sum((hand - target) ** 2)
    for joint in joints[1:]:
        if joint[1] < 0.0:
            cost += joint[1] ** 2
    excess = np.abs(angles) - limit
    cost += np.sum(np.where(excess > 0.0, excess**2, 0.0))
    return cost


def arguments(rng, n):
    return rng.uniform(-1.0, 1.0, n), rng.uniform(0.5, 1.0, n), np.array([1.0, 1.5]), 0.6


PROGRAM = reaching_cost
SIZES = (4, 30)
