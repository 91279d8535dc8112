"""Who answers a need, who should talk about a topic or come to an event, what speaks for a pair."""
