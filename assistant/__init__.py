"""A voice assistant for people who cannot see: senses guess, the scene believes, the policy decides, the voice speaks.

domain   pure values and rules: tracks, beliefs, policy, gestures
senses   what looks at a frame;  devices  cameras, keys, buttons, the control socket
speech   the queue, the phrases, the engines;  service  systemd and doctor
pipeline one step of thought;  runtime  the threads;  app  puts everything together;  cli  the verbs
"""

__version__ = "0.1.0"
