"""What staff sees of matching: weights, exposure, matrix, rounds, pairs."""
