"""What is written in front of the camera: lines found and read in a process of its own, put in order, and told."""
