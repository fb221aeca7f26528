"""What the user chose or taught the program by key; kept in the state directory, never in config.yaml."""
