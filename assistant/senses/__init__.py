"""What looks at a frame and guesses."""
