"""Pure values and rules: no pictures are decoded, no file read, no thread started and no clock asked here."""
