"""Topics: proposal, endorsement by a cluster, focus topics, action items."""
