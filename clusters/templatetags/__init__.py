"""What templates of any app may say about clusters."""
