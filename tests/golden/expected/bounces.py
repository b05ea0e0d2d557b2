import math


def height_grad(speed, loss, steps):
    """Gradient of `height` with respect to `speed`, `loss`.

    For speed: float, loss: float, steps: int.
    """
    lost_saved, position_saved, speed_saved = [], [], []                          # bounces.py:8
    bounces = 0                                                                   # bounces.py:8
    position = 1.0                                                                # bounces.py:8
    tanh_lost_saved = []                                                          # bounces.py:8
    for _ in range(steps):                                                        # bounces.py:8
        speed = speed - 0.2                                                       # bounces.py:9
        position = position + 0.1 * speed                                         # bounces.py:10
        position_saved.append(position)                                           # bounces.py:10
        speed_saved.append(speed)                                                 # bounces.py:10
        if position < 0.0:                                                        # bounces.py:12
            lost = math.exp(-loss * speed)                                        # bounces.py:13
            t = -speed                                                            # bounces.py:14
            tanh_lost = math.tanh(lost)                                           # bounces.py:14
            tanh_lost_saved.append(tanh_lost)                                     # bounces.py:14
            lost_saved.append(lost)                                               # bounces.py:13
            speed = t * tanh_lost                                                 # bounces.py:14
            bounces = bounces + 1                                                 # bounces.py:16
            position = 0.0                                                        # bounces.py:12
            if bounces > 1:                                                       # bounces.py:17
                break                                                             # bounces.py:8
    d_speed = 2.0 * speed                                                         # bounces.py:19
    d_position = 0.0                                                              # bounces.py:8
    d_loss = 0.0                                                                  # bounces.py:8
    for position, speed in zip(reversed(position_saved), reversed(speed_saved)):  # bounces.py:8
        if position < 0.0:                                                        # bounces.py:12
            tanh_lost = tanh_lost_saved.pop()                                     # bounces.py:12
            lost = lost_saved.pop()                                               # bounces.py:12
            t = -d_speed                                                          # bounces.py:14
            d_lost = t * speed * (1.0 - tanh_lost * tanh_lost)                    # bounces.py:14
            t_1 = d_lost * lost                                                   # bounces.py:13
            d_speed = t * tanh_lost - t_1 * loss                                  # bounces.py:13
            d_loss -= t_1 * speed                                                 # bounces.py:13
            d_position = 0.0                                                      # bounces.py:12
        d_position += speed                                                       # bounces.py:11
        d_speed = d_speed + position + 0.1 * d_position                           # bounces.py:10
    return d_speed, d_loss
