"""How good an expression model is, from its LiteRT file and labelled faces alone; no training framework."""
