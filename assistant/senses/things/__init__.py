"""Things: found in a picture when somebody asks for them."""
