"""From a meaning to a sound: the queue, the phrases of `voices/<lang>/`, the player and one module per voice engine."""
