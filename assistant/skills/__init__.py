"""What answers the questions that need more than beliefs: one module for each skill."""
