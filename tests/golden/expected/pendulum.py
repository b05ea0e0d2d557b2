import math


def swing_grad(angle, speed, drag, n):
    """Gradient of `swing` with respect to `angle`, `speed`, `drag`.

    For angle: float, speed: float, drag: float, n: int.
    """
    speed_saved, angle_saved, middle_speed_saved = [], [], []              # pendulum.py:11
    for _ in range(n):                                                     # pendulum.py:11
        d_speed = -math.sin(angle) - drag * speed                          # pendulum.py:7
        middle = angle + 0.05 * speed                                      # pendulum.py:13
        middle_speed = speed + 0.05 * d_speed                              # pendulum.py:13
        speed_saved.append(speed)                                          # pendulum.py:13
        angle_saved.append(angle)                                          # pendulum.py:13
        middle_speed_saved.append(middle_speed)                            # pendulum.py:13
        d_speed = -math.sin(middle) - drag * middle_speed                  # pendulum.py:7
        angle = angle + 0.1 * middle_speed                                 # pendulum.py:15
        speed = speed + 0.1 * d_speed                                      # pendulum.py:15
    d_angle = math.sin(angle)                                              # pendulum.py:16
    d_speed = speed                                                        # pendulum.py:11
    d_drag = 0.0                                                           # pendulum.py:11
    for speed, angle, middle_speed in zip(                                 # pendulum.py:11
        reversed(speed_saved), reversed(angle_saved), reversed(middle_speed_saved)
    ):
        middle = angle + 0.05 * speed                                      # pendulum.py:13
        d_d_speed = 0.1 * d_speed                                          # pendulum.py:15
        t = -d_d_speed                                                     # pendulum.py:7
        d_middle_speed = 0.1 * d_angle + t * drag                          # pendulum.py:7
        d_middle = t * math.cos(middle)                                    # pendulum.py:7
        d_d_speed = 0.05 * d_middle_speed                                  # pendulum.py:13
        t_1 = -d_d_speed                                                   # pendulum.py:7
        d_drag = d_drag + t * middle_speed + t_1 * speed                   # pendulum.py:7
        d_speed = d_speed + d_middle_speed + 0.05 * d_middle + t_1 * drag  # pendulum.py:7
        d_angle = d_angle + d_middle - d_d_speed * math.cos(angle)         # pendulum.py:7
    return d_angle, d_speed, d_drag
