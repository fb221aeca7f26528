"""Faces: found, followed, cropped and read; everything here shares one detection per frame."""
