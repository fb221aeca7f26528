"""Cameras, keys, buttons and the control socket: each adapter stands alone and never sees the settings."""
